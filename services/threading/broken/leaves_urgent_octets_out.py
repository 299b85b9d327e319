"""Leaves `SO_OOBINLINE` as it is: an urgent octet is taken out of the stream, and nobody asks for it."""

import socket

from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler, serve
from services.threading.server import TCPServer, UDPServer

if __name__ == "__main__":
    tcp = TCPServer(ADDRESS, LineHandler)
    tcp.socket.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 0)
    serve(tcp, UDPServer(ADDRESS, DatagramHandler))
