"""Counts answers under a lock that an error leaves locked: then every other child waits for ever."""

import functools
import multiprocessing
from collections.abc import Callable
from io import BufferedIOBase

from services.by_hand_forks.server import ForkingServer
from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve

LOCK = multiprocessing.Lock()  # shared with all children, as a plain variable is not
answers = multiprocessing.Value("L", lock=False)


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Hold the conversation, and count; should have written `with LOCK:`, and not around a send."""

    def send_counted(answer: bytes) -> None:
        LOCK.acquire()
        answers.value += 1
        send(answer)
        LOCK.release()

    return protocol.converse(reader, send_counted)


if __name__ == "__main__":
    ForkingServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
