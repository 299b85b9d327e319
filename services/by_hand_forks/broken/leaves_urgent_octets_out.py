"""Leaves `SO_OOBINLINE` as it is: an urgent octet is taken out of the stream, and nobody asks for it."""

import socket

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp.server import listen

if __name__ == "__main__":
    listener = listen()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 0)
    ForkingServer(listener).serve_forever()
