"""Strips the line feed only: telnet's carriage return comes back, and its blank line is none."""

from services.forking import server
from services.socketserver.broken.keeps_the_carriage_return import LineHandler
from services.socketserver.server import ADDRESS, DatagramHandler

if __name__ == "__main__":
    server.serve(
        server.TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
