import socketserver

from services.socketserver import server
from services.upper_tcp.broken.one_line_only import converse
from services.upper_tcp.server import hang_up


class LineHandler(socketserver.StreamRequestHandler):
    """Holds that conversation."""

    def handle(self) -> None:
        """Answer the client, and hang up."""
        converse(self.rfile, self.wfile.write)
        hang_up(self.connection)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, LineHandler),
        server.UDPServer(server.ADDRESS, server.DatagramHandler),
    )
