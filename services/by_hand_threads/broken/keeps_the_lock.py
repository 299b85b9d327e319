"""Counts answers under a lock that an error leaves locked: then every other thread waits for ever."""

import functools
import threading
from collections.abc import Callable
from io import BufferedIOBase

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve

LOCK = threading.Lock()
answers = 0


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Hold the conversation, and count; should have written `with LOCK:`, and not around a send."""

    def send_counted(answer: bytes) -> None:
        global answers
        LOCK.acquire()
        answers += 1
        send(answer)
        LOCK.release()

    return protocol.converse(reader, send_counted)


if __name__ == "__main__":
    ThreadedServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
