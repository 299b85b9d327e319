"""Leaves all sending to one thread: a client that does not read holds up everybody's answers."""

import contextlib
import functools
import queue
import threading
from collections.abc import Callable
from io import BufferedIOBase

from services.by_hand_threads.server import ThreadedServer
from services.upper_tcp import protocol
from services.upper_tcp.server import listen, serve

Answer = tuple[Callable[[bytes], object], bytes, threading.Event]
answers: queue.Queue[Answer] = queue.Queue()


def send_all() -> None:
    """Send answer after answer, whosever turn it is."""
    while True:
        send, answer, sent = answers.get()
        with contextlib.suppress(OSError):
            send(answer)
        sent.set()


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Hold the conversation through the common sender."""

    def send_later(answer: bytes) -> None:
        sent = threading.Event()
        answers.put((send, answer, sent))
        sent.wait()

    return protocol.converse(reader, send_later)


if __name__ == "__main__":
    threading.Thread(target=send_all, daemon=True).start()
    ThreadedServer(listen(), functools.partial(serve, conversation=converse)).serve_forever()
