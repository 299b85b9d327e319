"""Writes `Thread(target=serve(...))`: the call runs in the main thread, and the thread does nothing."""

import contextlib
import threading

from services.upper_tcp.server import listen, serve

listener = listen()
while True:
    with contextlib.suppress(OSError):
        threading.Thread(target=serve(*listener.accept())).start()  # type: ignore[func-returns-value]
