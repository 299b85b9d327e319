"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

from services.socketserver.broken.takes_a_piece_for_a_line import LineHandler
from services.socketserver.server import ADDRESS, DatagramHandler, serve
from services.threading import server

if __name__ == "__main__":
    serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
