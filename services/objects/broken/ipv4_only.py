"""Listens on IPv4 only, as the library's listener does unless told otherwise."""

from services.forking import server as forking
from services.objects.protocol import PORT
from services.objects.server import ObjectHandler
from services.socketserver.broken.ipv4_only import IPv4


class TCPServer(IPv4, forking.TCPServer):
    """Connections over IPv4."""


if __name__ == "__main__":
    forking.serve(TCPServer(("", PORT), ObjectHandler))
