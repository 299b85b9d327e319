"""Takes a connection for a request of one line: the loop in `handle` was forgotten."""

from services.forking import server
from services.socketserver.broken.one_line_only import LineHandler
from services.socketserver.server import ADDRESS, DatagramHandler

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
