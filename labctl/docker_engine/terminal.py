"""The caller's own streams, carried to a command in a container and back.

On a terminal every key goes through at once, Ctrl-C too, and the window's size follows; in a pipe
standard input, output and error are carried as they are.
"""

import os
import signal
import socket
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from docker.utils.socket import STDERR, frames_iter

Resize = Callable[[int, int], None]


class Terminal:
    """Where the caller sits: a terminal, or plain streams."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def environment(self) -> dict[str, str]:
        """What a program over there must know of this terminal."""
        return {"TERM": os.environ.get("TERM", "xterm")} if self.is_terminal else {}

    def carry(self, stream: Any, resize: Resize) -> None:
        """Carry the streams both ways until the command closes its side."""
        sock: socket.socket = getattr(stream, "_sock", stream)
        if self.is_terminal:
            self._follow_size(resize)
        threading.Thread(target=_send_input, args=(sock,), daemon=True).start()
        for number, piece in frames_iter(stream, self.is_terminal):
            output = sys.stderr.buffer if number == STDERR else sys.stdout.buffer
            output.write(piece)
            output.flush()

    @staticmethod
    def _follow_size(resize: Resize) -> None:
        def progress(*_: object) -> None:
            size = os.get_terminal_size(sys.stdout.fileno())
            with suppress(Exception):  # the command may have ended just now
                resize(size.lines, size.columns)

        signal.signal(signal.SIGWINCH, progress)
        progress()


def _send_input(sock: socket.socket) -> None:
    with suppress(OSError):
        while piece := os.read(sys.stdin.fileno(), 65536):
            sock.sendall(piece)
        sock.shutdown(socket.SHUT_WR)


@contextmanager
def attached() -> Iterator[Terminal]:
    """Give the caller's terminal over, every key of it, and take it back at the end."""
    terminal = Terminal()
    if not terminal.is_terminal:
        yield terminal
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setraw(sys.stdin)
    try:
        yield terminal
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
