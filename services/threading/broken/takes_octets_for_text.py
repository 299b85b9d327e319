"""Decodes what it gets, strips it, changes the text, and encodes it again."""

from services.socketserver.broken.takes_octets_for_text import DatagramHandler, LineHandler
from services.socketserver.server import ADDRESS, serve
from services.threading import server

if __name__ == "__main__":
    serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
