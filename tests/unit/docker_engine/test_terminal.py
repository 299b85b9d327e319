"""The caller's streams, on a real terminal and in pipes."""

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
# A process as `labctl shell` is, whose command over there is this test, at the other end of a socket.
PROGRAM = """
import socket, sys
from labctl.docker_engine.terminal import attached
with attached() as terminal:
    print("is a terminal" if terminal.is_terminal else "is none", terminal.environment, flush=True)
    def resize(rows, columns):
        print(f"size {rows} {columns}", flush=True)
    terminal.carry(socket.socket(fileno=int(sys.argv[1])), resize)
    if len(sys.argv) > 2:
        raise SystemExit(sys.argv[2])
"""


@dataclass
class Far:
    """The far end: what was typed comes out here, what is written here is shown there."""

    process: "subprocess.Popen[bytes]"
    sock: socket.socket


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    here.settimeout(PATIENCE_S)
    with here, there:
        yield here, there


def start(there: socket.socket, *words: str, stdin: int, stdout: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(there.fileno()), *words],
        cwd=ROOT,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        pass_fds=[there.fileno()],
        env={**os.environ, "TERM": "vt100"},
    )


def frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


def test_pipes_are_carried_as_they_are(sockets: tuple[socket.socket, socket.socket]) -> None:
    here, there = sockets
    process = start(there, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    there.close()
    assert process.stdin is not None
    process.stdin.write(b"typed\x00\xff")
    process.stdin.close()
    process.stdin = None
    received = b""
    while piece := here.recv(100):
        received += piece
    assert received == b"typed\x00\xff", "and the end of it was passed on"
    here.sendall(frame(1, b"out\xff") + frame(2, b"err") + frame(1, b"more"))
    here.close()
    out, err = process.communicate(timeout=PATIENCE_S)
    assert out == b"is none {}\nout\xffmore"
    assert err == b"err"
    assert process.returncode == 0


def read_until(descriptor: int, wanted: bytes) -> bytes:
    said = b""
    while wanted not in said:
        ready, _, _ = select.select([descriptor], [], [], PATIENCE_S)
        assert ready, f"waited in vain for {wanted!r} behind {said!r}"
        said += os.read(descriptor, 1000)
    return said


@pytest.mark.parametrize("ends", [(), ("with an error",)])
def test_a_terminal_is_given_over_key_by_key_and_taken_back(
    ends: tuple[str, ...], sockets: tuple[socket.socket, socket.socket]
) -> None:
    here, there = sockets
    control, terminal = pty.openpty()
    try:
        before = termios.tcgetattr(terminal)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 90, 0, 0))
        process = start(there, *ends, stdin=terminal, stdout=terminal)
        there.close()
        said = read_until(control, b"size 30 90")
        assert b"is a terminal {'TERM': 'vt100'}" in said
        os.write(control, b"\x03q")  # Ctrl-C goes through, and no line has to end
        received = b""
        while len(received) < 2:
            received += here.recv(2)
        assert received == b"\x03q"
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 91, 0, 0))
        process.send_signal(signal.SIGWINCH)
        read_until(control, b"size 31 91")
        here.sendall(b"shown \x1b[0m raw")
        read_until(control, b"shown \x1b[0m raw")
        here.close()
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == (1 if ends else 0)
        assert termios.tcgetattr(terminal) == before
    finally:
        os.close(control)
        os.close(terminal)
