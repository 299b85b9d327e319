"""Leaves `SO_OOBINLINE` as it is: an urgent octet is taken out of the stream, and nobody asks for it."""

import socket

from services.upper_tcp.server import listen, serve_forever

if __name__ == "__main__":
    listener = listen()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 0)
    serve_forever(listener)
