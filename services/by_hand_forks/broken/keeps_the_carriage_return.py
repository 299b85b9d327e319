"""Strips the line feed only: telnet's carriage return comes back, and its blank line is none."""

import functools

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp.broken.keeps_the_carriage_return import converse
from services.upper_tcp.server import listen, serve

if __name__ == "__main__":
    ForkingServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
