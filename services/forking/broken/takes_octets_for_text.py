"""Decodes what it gets, strips it, changes the text, and encodes it again."""

from services.forking import server
from services.socketserver.broken.takes_octets_for_text import DatagramHandler, LineHandler
from services.socketserver.server import ADDRESS

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
