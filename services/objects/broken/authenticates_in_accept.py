"""Lets `accept` authenticate: while one peer thinks about his answer, nobody else gets in."""

import threading
from contextlib import suppress
from multiprocessing import AuthenticationError

from services.objects.broken.dies_of_a_stranger import listen, serve

if __name__ == "__main__":
    listener = listen()
    while True:
        with suppress(AuthenticationError, OSError, EOFError):
            threading.Thread(target=serve, args=(listener.accept(),), daemon=True).start()
