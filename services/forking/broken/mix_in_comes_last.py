"""Names the mix-in after the server: its `process_request` is never found, and clients wait in line."""

import socketserver

from services.forking import server
from services.socketserver import server as iterative
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler


class TCPServer(iterative.TCPServer, socketserver.ForkingMixIn):
    """The bases in the wrong order."""


if __name__ == "__main__":
    server.serve(
        TCPServer(ADDRESS, LineHandler),  # type: ignore[arg-type]
        server.UDPServer(ADDRESS, DatagramHandler),
    )
