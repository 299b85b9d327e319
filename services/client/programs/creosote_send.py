"""Fire a text at a bucket, or at all of them, cut into datagrams; nobody waits for an answer."""

import argparse
import os
import socket
import sys
from collections.abc import Iterator

BUFSIZE = 1024
EVERYBODY = "255.255.255.255"
LARGEST_OCTETS = 65507  # what a datagram over IPv4 has room for


def cut(message: bytes, size_octets: int) -> Iterator[bytes]:
    """Yield the message in pieces of this size, the last one shorter; an empty message is one piece."""
    for start in range(0, max(len(message), 1), size_octets):
        yield message[start : start + size_octets]


def fire(message: bytes, *, host: str, port: int, size_octets: int) -> None:
    """Send the message and do not look back.

    The socket is not connected: so the kernel keeps to itself that nobody listens, should it learn so.

    Raises:
        OSError: the name is unknown, or the datagrams cannot leave this machine.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _, address = found[0]
    pieces = list(cut(message, size_octets))
    with socket.socket(family, kind, protocol) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)  # or a broadcast is "Permission denied"
        if address[0] == EVERYBODY:  # but on which wire? where no default route says so our address does
            sock.bind((socket.gethostbyname(socket.gethostname()), 0))
        for number, piece in enumerate(pieces, 1):
            sock.sendto(piece, address)
            print(f"sent {len(piece)} octets to {address[0]} port {port}, {number} of {len(pieces)}")


def main() -> None:
    """Read the words of the command line, fire, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(
        prog="creosote_send",
        description=__doc__,
        epilog="examples: creosote_send creosote 'x is 42 here'; creosote_send 255.255.255.255 'anybody?'",
    )
    parser.add_argument("host", help="a name, an address, or a broadcast address")
    parser.add_argument("message", nargs="*", help="what to send (default: standard input)")
    parser.add_argument("--port", type=int, default=7739, help="UDP port (default: %(default)s)")
    parser.add_argument(
        "--bufsize",
        type=int,
        default=BUFSIZE,
        metavar="N",
        help="octets of a datagram (default: %(default)s)",
    )
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.bufsize <= LARGEST_OCTETS):
        parser.error(f"a port is 1 to 65535, and a datagram 1 to {LARGEST_OCTETS} octets")
    try:
        message = os.fsencode(" ".join(asked.message)) if asked.message else sys.stdin.buffer.read()
        fire(message, host=asked.host, port=asked.port, size_octets=asked.bufsize)
    except OSError as error:
        sys.exit(f"creosote_send: cannot send to {asked.host} port {asked.port}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
