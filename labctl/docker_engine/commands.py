"""What a command in a container prints: for as long, and as much, as labctl wants to wait for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial

from docker.api.client import APIClient
from docker.utils.socket import STDERR, frames_iter

from labctl.cancellation import ended_by
from labctl.engine import OutputLine
from labctl.errors import EngineError

EXIT_CODE_TIMEOUT_S = 2.0  # the Engine notes a command's end a moment after its output has ended


def printed(
    client: APIClient, exec_id: str, doing: str, *, timeout_s: float, limit_bytes: int
) -> Iterator[tuple[bool, bytes]]:
    """Start a command that was created, and yield what it prints until its end.

    Args:
        client: the Engine's.
        exec_id: the command, which has no terminal.
        doing: the command in words, for errors.
        timeout_s: how long to wait for its end.
        limit_bytes: how much it may print.

    Yields:
        Whether it was printed to standard error, and a piece of it.

    Raises:
        docker.errors.APIError: the Engine refused.
        EngineError: it did not end in time, or printed too much.
        Cancelled: the call was cancelled; the command itself goes on until its container ends.
    """
    stream = client.exec_start(exec_id, socket=True)
    sock: socket.socket = getattr(stream, "_sock", stream)
    end_wait = partial(sock.shutdown, socket.SHUT_RDWR)
    too_late = threading.Event()

    def end_at_deadline() -> None:
        too_late.set()
        try:
            end_wait()
        except OSError:  # it has just ended by itself
            return

    deadline = threading.Timer(timeout_s, end_at_deadline)
    deadline.daemon = True
    deadline.start()
    count = 0
    try:
        # The SDK keeps the response there; only closing that lets go of the connection.
        with closing(stream._response), ended_by(end_wait):
            for number, piece in frames_iter(stream, tty=False):
                count += len(piece)
                if count > limit_bytes:
                    raise EngineError(f"{doing} printed more than {limit_bytes:,} bytes")
                yield number == STDERR, piece
    finally:
        deadline.cancel()
    if too_late.is_set():
        raise EngineError(f"{doing} did not end within {timeout_s:g} s")


def lines_of(pieces: Iterator[tuple[bool, bytes]]) -> Iterator[OutputLine]:
    """Put the pieces of both streams together again as lines."""
    rests: dict[bool, list[bytes]] = {False: [], True: []}
    for is_error, piece in pieces:
        rest = rests[is_error]
        *ends, last = piece.split(b"\n")
        for end in ends:
            yield OutputLine(b"".join([*rest, end]).decode(errors="replace"), is_error)
            rest.clear()
        rest.append(last)
    for is_error, rest in rests.items():
        if any(rest):
            yield OutputLine(b"".join(rest).decode(errors="replace"), is_error)
