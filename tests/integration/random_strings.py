"""Throw random octets at listeners, from the toolbox: standard library only, as it is sent there as text.

Usage: python3 - SEED COUNT LISTENER...
A LISTENER is `echo@7/tcp`, `creosote@7739/udp`, or the path of a Unix-domain socket, `/run/lab/stream`; of
one that ends in `datagram` it is a datagram socket. Each gets COUNT strings of 1 to 64 KiB, the same
ones for the same seed.
"""

import contextlib
import random
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

KIB = 1024
MAX_DATAGRAM_BYTES = 65507  # over IPv4
CONVERSATION_S = 2.0  # for the server's last word to a string; some wait for more, as long as we let them
SILENCE_S = 0.02  # between two datagrams, for an answer; some never give one


def throw_at(listener: str, strings: Iterator[bytes]) -> None:
    """Send each string to a listener, by the kind of socket that it has."""
    if listener.endswith(("/udp", "datagram")):
        with datagram_socket(listener) as sock:
            for octets in strings:
                sock.send(octets[:MAX_DATAGRAM_BYTES])
                hear_out(sock, time.monotonic() + SILENCE_S)
    else:
        for octets in strings:
            with stream_socket(listener) as sock, contextlib.suppress(OSError):  # it may hang up at any time
                sock.sendall(octets)
                sock.shutdown(socket.SHUT_WR)
                hear_out(sock, time.monotonic() + CONVERSATION_S)


def hear_out(sock: socket.socket, deadline: float) -> None:
    """Take what the server says, until it has said all or the time is up."""
    while (left_s := deadline - time.monotonic()) > 0:
        sock.settimeout(left_s)
        try:
            if not sock.recv(64 * KIB) or sock.type == socket.SOCK_DGRAM:
                return
        except TimeoutError:
            return


def stream_socket(listener: str) -> socket.socket:
    """Return a connection."""
    if listener.startswith("/"):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(listener)
        return sock
    host, port = host_and_port(listener)
    return socket.create_connection((host, port), timeout=CONVERSATION_S)


@contextlib.contextmanager
def datagram_socket(listener: str) -> Iterator[socket.socket]:
    """Yield a socket connected to a datagram listener, and such that it can answer."""
    if not listener.startswith("/"):
        family, kind, _, _, address = socket.getaddrinfo(*host_and_port(listener), 0, socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as sock:
            sock.connect(address)
            yield sock
        return
    with tempfile.TemporaryDirectory(dir=Path(listener).parent) as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "ours")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.bind(str(path))
            path.chmod(0o666)  # to answer is to write
            sock.connect(listener)
            yield sock


def host_and_port(listener: str) -> tuple[str, int]:
    """Return both, of `echo@7/tcp`."""
    host, _, rest = listener.partition("@")
    return host, int(rest.partition("/")[0])


if __name__ == "__main__":
    seed, count, *listeners = sys.argv[1:]
    for each in listeners:
        chosen = random.Random(f"{seed} {each}")
        throw_at(each, (chosen.randbytes(chosen.randint(KIB, 64 * KIB)) for _ in range(int(count))))
