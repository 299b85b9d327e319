r"""Is it answering? One small exchange with each listener named, until all of them have answered.

Usage: probe [--timeout S] [HOST@]LISTENER[ SEND][ => EXPECT] ...

Each argument is one listener. `7/tcp` is answering when it accepts a connection;
`7/tcp ping => ping` when it is sent `ping` and replies with something that starts with `ping`;
`110/tcp => +OK` when it greets so. A `\n` or `\r` in SEND stands for that control character.
UDP has no connections: `7739/udp` is answering unless the host says that nobody listens there
(ICMP port unreachable, RFC 792). Without HOST it is this container itself. A path such as
`/run/lab/stream` is a Unix-domain stream socket, in a folder that this container has as well.

They are asked one after another, each again and again until it answers: as all must answer, the
order costs nothing, and a lab that is still starting is not disturbed by many questions at once.
Only those whose answer is silence are asked beside the others: that takes a tenth of a second each.
Exit code 0: all did; 1: some did not within the timeout (2 s); standard output then names each
with its last error, one a line.

It imports little on purpose: `labctl up` waits for it, and each health check starts one.
"""

import socket
import sys
import threading
import time

PAUSE_S = 0.02  # between two attempts at one listener
# Linux refuses six datagrams at once and then one a second (icmp_ratelimit): who asks faster is
# not refused any more, and would take the silence for somebody who listens.
LONGEST_PAUSE_S = 1.1
ATTEMPT_S = 1.0  # after which an attempt that got no answer is made anew
LAST_ATTEMPT_S = 0.3  # once the time is up, so that the report still covers every listener
QUIET_UDP_S = 0.03  # no ICMP error in this time: somebody listens; on one machine it comes with the send


class NoAnswer(Exception):
    """The listener did not do what was expected; the text says what it did."""


def ask(spec: str, timeout_s: float) -> None:
    """Make one attempt at one listener.

    Raises:
        NoAnswer: it replied, but not as expected.
        OSError: it is not there, or not in time.
    """
    left, _, expect = spec.partition(" => ")
    where, _, send = left.partition(" ")
    host, _, listener = where.rpartition("@")
    message = send.replace("\\r", "\r").replace("\\n", "\n").encode()
    family, kind, address = _find(host, listener)
    with socket.socket(family, kind) as sock:
        sock.settimeout(timeout_s)
        sock.connect(address)
        if message or kind == socket.SOCK_DGRAM:
            sock.send(message)
        if expect:
            _expect(sock, expect.encode())
        elif kind == socket.SOCK_DGRAM:
            _expect_no_refusal(sock)


def _find(host: str, listener: str) -> tuple[int, int, tuple[object, ...] | str]:
    """Return family and kind of a socket, and where to connect it."""
    if listener.startswith("/"):
        return socket.AF_UNIX, socket.SOCK_STREAM, listener
    port, _, protocol = listener.partition("/")
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    family, _, _, _, address = socket.getaddrinfo(host or "localhost", int(port), 0, kind)[0]
    return family, kind, address


def _expect(sock: socket.socket, expected: bytes) -> None:
    got = b""
    while len(got) < len(expected):
        piece = sock.recv(4096)
        got += piece
        if not piece or not expected.startswith(got[: len(expected)]):
            raise NoAnswer(f"answered {got[:60]!r}, expected {expected!r}")


def _expect_no_refusal(sock: socket.socket) -> None:
    sock.settimeout(QUIET_UDP_S)
    try:
        sock.recv(4096)
    except TimeoutError:
        return


def wait_until_it_answers(spec: str, deadline: float) -> str:
    """Ask a listener until it answers or the time is up; return why it did not, or nothing."""
    pause_s = PAUSE_S
    while True:
        left_s = deadline - time.monotonic()
        try:
            ask(spec, min(ATTEMPT_S, max(left_s, LAST_ATTEMPT_S)))
        except (OSError, NoAnswer) as error:
            if left_s <= 0:
                return getattr(error, "strerror", None) or str(error)
            time.sleep(pause_s)
            if "/udp" in spec:
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        else:
            return ""


def main(arguments: list[str]) -> int:
    """Read the words, ask, report; see the module's own text."""
    timeout_s = 2.0
    if arguments[:1] == ["--timeout"]:
        timeout_s, arguments = float(arguments[1]), arguments[2:]
    deadline = time.monotonic() + timeout_s
    failures = dict.fromkeys(arguments, "")

    def wait_for(spec: str) -> None:
        failures[spec] = wait_until_it_answers(spec, deadline)

    quiet = [threading.Thread(target=wait_for, args=[spec]) for spec in arguments if is_quiet(spec)]
    for thread in quiet:
        thread.start()
    for spec in arguments:
        if not is_quiet(spec):
            wait_for(spec)
    for thread in quiet:
        thread.join()
    for spec, why in failures.items():
        if why:
            print(f"{spec.partition(' ')[0]}: {why}")
    return 1 if any(failures.values()) else 0


def is_quiet(spec: str) -> bool:
    """Return whether a listener answers by saying nothing."""
    return spec.partition(" ")[0].endswith("/udp") and " => " not in spec


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
