"""Blocking, timeout, non-blocking: the same calls in the three modes, what each raises and when.

Both ends are in this program. In each experiment what the call waits for happens a while later, made by a
second thread, so that a blocking call comes to its end as well.
"""

import argparse
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

LATER_S = 0.4
MODES = {"blocking": None, "timeout 0.1 s": 0.1, "non-blocking": 0.0}  # what settimeout is given
LARGE_OCTETS = 8 * 1024 * 1024  # more than all the buffers between two sockets hold

Call = Callable[[], object]


@contextmanager
def later(action: Call) -> Iterator[None]:
    """Do something in a second thread after a while, and wait for its end."""

    def run() -> None:
        time.sleep(LATER_S)
        with suppress(OSError):  # the other side may have given up by then
            action()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def connected_pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a TCP connection within this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    return client, server


def drain(sock: socket.socket) -> None:
    """Read until nothing has come for a moment."""
    sock.settimeout(0.1)
    with suppress(TimeoutError):
        while sock.recv(65536):
            pass


@contextmanager
def accept(timeout_s: float | None) -> Iterator[Call]:
    """Accept waits until a client connects."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        listener.settimeout(timeout_s)
        with later(lambda: client.connect(listener.getsockname())):
            yield lambda: listener.accept()[0].close()


@contextmanager
def recv(timeout_s: float | None) -> Iterator[Call]:
    """Recv waits until there is at least one octet, or the end."""
    client, server = connected_pair()
    with client, server:
        client.settimeout(timeout_s)
        with later(lambda: server.sendall(b"hello")):
            yield lambda: client.recv(100)


@contextmanager
def send(timeout_s: float | None) -> Iterator[Call]:
    """Send waits while the buffers are full, until the other side reads."""
    client, server = connected_pair()
    with client, server:
        client.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                client.send(bytes(LARGE_OCTETS))
        client.settimeout(timeout_s)
        with later(lambda: drain(server)):
            yield lambda: client.send(bytes(1000))


@contextmanager
def connect(timeout_s: float | None) -> Iterator[Call]:
    """Connect waits for the other side's answer: here its queue is full, and TCP asks again after 1 s."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as client:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)  # room for one
        first.connect(listener.getsockname())
        client.settimeout(timeout_s)
        with later(lambda: listener.accept()[0].close()):
            yield lambda: client.connect(listener.getsockname())


@contextmanager
def recv_when_select_says_so(timeout_s: float | None) -> Iterator[Call]:
    """With select first: it does the waiting, for any number of sockets, and recv has something at once."""
    client, server = connected_pair()
    with client, server, selectors.DefaultSelector() as selector:
        client.settimeout(timeout_s)
        selector.register(client, selectors.EVENT_READ)
        with later(lambda: server.sendall(b"hello")):
            selector.select()
            yield lambda: client.recv(100)


def show(experiment: Callable[[float | None], AbstractContextManager[Call]]) -> None:
    """Make one call in each mode and print what came of it, and after how long."""
    print(f"\n{experiment.__doc__}")
    for mode, timeout_s in MODES.items():
        with experiment(timeout_s) as call:
            began = time.monotonic()
            try:
                outcome = f"returned {call()!r}"
            except OSError as error:
                outcome = f"raised {type(error).__name__}: {error.strerror or error}"
            waited_s = time.monotonic() - began
        print(f"    {mode:14} after {waited_s:4.2f} s  {outcome}", flush=True)


def main() -> None:
    """Run all experiments; that takes some seconds, most of which is waiting."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when nobody reads on, as in `| head`
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # and at Ctrl-C
    argparse.ArgumentParser(
        prog="blocking_modes", description=__doc__, epilog="example: blocking_modes"
    ).parse_args()
    print(f"What each call waits for happens after {LATER_S:g} s.")
    for experiment in (accept, recv, send, connect, recv_when_select_says_so):
        show(experiment)


if __name__ == "__main__":
    main()
