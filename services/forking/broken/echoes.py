"""Sends back what it got: the one word that makes it an upper-case server was forgotten, twice."""

from services.forking import server
from services.socketserver.broken.echoes import DatagramHandler, LineHandler
from services.socketserver.server import ADDRESS

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
