"""Names the mix-in after the server: its `process_request` is never found, and clients wait in line."""

import socketserver

from services.socketserver import server as iterative
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler, serve
from services.threading import server


class TCPServer(iterative.TCPServer, socketserver.ThreadingMixIn):
    """The bases in the wrong order."""


if __name__ == "__main__":
    serve(
        TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
