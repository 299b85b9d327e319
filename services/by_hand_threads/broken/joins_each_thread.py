"""Waits for each thread to end before it accepts again: an iterative server at the price of threads."""

import threading

from services.upper_tcp.server import listen, serve

listener = listen()
while True:
    thread = threading.Thread(target=serve, args=listener.accept())
    thread.start()
    thread.join()
