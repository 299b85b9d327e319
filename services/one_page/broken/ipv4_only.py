"""Listens on IPv4 only, as `socket.create_server(("", 15000))` does."""

import socket

from services.by_hand_threads.server import ThreadedServer
from services.one_page.server import BACKLOG, PORT, serve

if __name__ == "__main__":
    ThreadedServer(socket.create_server(("", PORT), backlog=BACKLOG), serve).serve_forever()
