"""Reads a line however long it gets: one client can fill the server's memory."""

import functools

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp.broken.reads_without_a_limit import converse
from services.upper_tcp.server import listen, serve

if __name__ == "__main__":
    ForkingServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
