"""Answers only when there is something to answer, as it would with a stream."""

from services.forking import server
from services.socketserver.broken.ignores_empty_datagrams import DatagramHandler
from services.socketserver.server import ADDRESS, LineHandler

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
