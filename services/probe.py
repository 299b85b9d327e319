r"""Is it answering? One small exchange with each listener named, until all of them answer.

Usage: probe [--timeout S] [HOST@]PORT/PROTO[ SEND][ => EXPECT] ...

Each argument is one listener. `7/tcp` is answering when it accepts a connection;
`7/tcp ping => ping` when it is sent `ping` and replies with something that starts with `ping`;
`110/tcp => +OK` when it greets so. A `\n` or `\r` in SEND stands for that control character.
UDP has no connections: `7739/udp` is answering unless the host says that nobody listens there
(ICMP port unreachable, RFC 792). Without HOST it is this container itself.

All are asked at once and again until they answer. Exit code 0: all did; 1: some did not within
the timeout (2 s); standard output then names each with its last error, one a line.

It imports little on purpose: `labctl up` waits for it, and each health check starts one.
"""

import select
import socket
import sys
import time

PAUSE_S = 0.03  # between two attempts at one listener
ATTEMPT_S = 1.0  # after which an attempt that got no answer is made anew
QUIET_UDP_S = 0.1  # no ICMP error in this time: somebody listens


class Attempt:
    """One try at one listener: an own socket, what was got so far."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        left, _, expect = spec.partition(" => ")
        where, _, send = left.partition(" ")
        host, _, listener = where.rpartition("@")
        port, _, self.protocol = listener.partition("/")
        self.host, self.port = host or "localhost", int(port)
        self.send = send.replace("\\r", "\r").replace("\\n", "\n").encode()
        self.expect = expect.encode()
        self.error = "not tried"
        self.got = b""
        self.sent = False
        self.sock: socket.socket | None = None
        self.began = 0.0

    def begin(self, now: float) -> None:
        """Open a socket and start connecting; an error is kept for the report."""
        self.got, self.sent, self.began = b"", False, now
        kind = socket.SOCK_DGRAM if self.protocol == "udp" else socket.SOCK_STREAM
        try:
            family, kind, number, _, address = socket.getaddrinfo(self.host, self.port, 0, kind)[0]
            self.sock = socket.socket(family, kind, number)
            self.sock.setblocking(False)
            self.sock.connect(address)
        except BlockingIOError:
            pass  # in progress, as it should be
        except OSError as error:
            self.fail(error.strerror or str(error))

    def fail(self, error: str) -> None:
        """Give this attempt up."""
        self.error = error
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    def advance(self, readable: bool, writable: bool) -> bool:
        """Go on as far as the socket lets; return whether the listener has answered."""
        assert self.sock is not None
        try:
            if writable and not self.sent:
                code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    raise OSError(code, "connection refused" if code == 111 else f"error {code}")
                self.sock.send(self.send)
                self.sent = True
                if not self.expect and self.protocol == "tcp":
                    return True
            if readable:
                piece = self.sock.recv(4096)
                if not piece and self.protocol == "tcp":
                    raise OSError(0, f"closed after {self.got!r}")
                self.got += piece
        except BlockingIOError:
            return False
        except OSError as error:
            self.fail(error.strerror or str(error))
            return False
        if self.got and not self.expect.startswith(self.got[: len(self.expect)]):
            self.fail(f"answered {self.got[:60]!r}, expected {self.expect!r}")
            return False
        return bool(self.expect) and self.got.startswith(self.expect)

    def is_quiet_datagram_listener(self, now: float) -> bool:
        """Tell whether a UDP listener that owes no answer has had time to refuse, and did not."""
        return self.sent and not self.expect and self.protocol == "udp" and now - self.began > QUIET_UDP_S


def wait_until_all_answer(specs: list[str], timeout_s: float) -> list[Attempt]:
    """Ask all listeners until they answer; return those that did not within the timeout."""
    missing = [Attempt(spec) for spec in specs]
    deadline = time.monotonic() + timeout_s
    while True:
        now = time.monotonic()
        for each in missing:
            if each.sock is not None and now - each.began > ATTEMPT_S:
                each.fail(f"no answer within {ATTEMPT_S:g} s")
            if each.sock is None and now - each.began >= PAUSE_S:
                each.begin(now)
        reading = [each.sock for each in missing if each.sock is not None]
        writing = [each.sock for each in missing if each.sock is not None and not each.sent]
        readable, writable, _ = select.select(reading, writing, [], PAUSE_S)
        now = time.monotonic()
        for each in missing[:]:
            if each.sock is None:
                continue
            answered = each.advance(each.sock in readable, each.sock in writable)
            if answered or (each.sock is not None and each.is_quiet_datagram_listener(now)):
                missing.remove(each)
                if each.sock is not None:
                    each.sock.close()
        if not missing or now > deadline:
            return missing


def main(arguments: list[str]) -> int:
    """Read the words, ask, report; see the module's own text."""
    timeout_s = 2.0
    if arguments[:1] == ["--timeout"]:
        timeout_s, arguments = float(arguments[1]), arguments[2:]
    missing = wait_until_all_answer(arguments, timeout_s)
    for each in missing:
        print(f"{each.spec.partition(' ')[0]}: {each.error}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
