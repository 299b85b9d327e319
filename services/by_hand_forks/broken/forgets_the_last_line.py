"""Waits for the line feed of every line: what was unfinished at the end of file is dropped."""

import functools

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp.broken.forgets_the_last_line import converse
from services.upper_tcp.server import listen, serve

if __name__ == "__main__":
    ForkingServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
