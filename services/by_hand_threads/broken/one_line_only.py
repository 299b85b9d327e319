"""Answers one line and hangs up: the loop was forgotten."""

import functools

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.broken.one_line_only import converse
from services.upper_tcp.server import listen, serve

if __name__ == "__main__":
    ThreadedServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
