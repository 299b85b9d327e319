"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

from services.forking import server
from services.socketserver.broken.takes_a_piece_for_a_line import LineHandler
from services.socketserver.server import ADDRESS, DatagramHandler

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
