"""Reads text: decodes each line, strips it, changes it, encodes it again."""

import functools

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp.broken.takes_octets_for_text import converse
from services.upper_tcp.server import listen, serve

if __name__ == "__main__":
    ThreadedServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
