"""Sends back what it got: the one word that makes it an upper-case server was forgotten."""

from services.by_hand_forks.server import ForkingServer
from services.by_hand_threads.broken.echoes import serve
from services.upper_tcp.server import listen

if __name__ == "__main__":
    ForkingServer(listen(), serve).serve_forever()
