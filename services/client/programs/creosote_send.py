"""Fire a text at a bucket, or at all of them, cut into datagrams; nobody waits for an answer."""

import argparse
import contextlib
import os
import socket
import sys
from collections.abc import Iterator

BUFSIZE = 1024
REFUSAL_S = 0.1  # on one network a refusal comes with the send
EVERYBODY = "255.255.255.255"
LARGEST_OCTETS = 65507  # what a datagram over IPv4 has room for


def cut(message: bytes, size_octets: int) -> Iterator[bytes]:
    """Yield the message in pieces of this size, the last one shorter; an empty message is one piece."""
    for start in range(0, max(len(message), 1), size_octets):
        yield message[start : start + size_octets]


def fire(message: bytes, *, host: str, port: int, size_octets: int) -> None:
    """Send the message and do not look back.

    One thing is looked at. A name may have several addresses, and a bucket that listens at one of them
    would never be met at another: so while there is a next address, a refusal (ICMP port unreachable,
    RFC 792) leads to it. At the last address the kernel keeps to itself that nobody listens.

    Raises:
        OSError: the name is unknown, or the datagrams cannot leave this machine.
    """
    pieces = list(cut(message, size_octets))
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    for count_left, (family, kind, protocol, _, address) in zip(
        range(len(found) - 1, -1, -1), found, strict=True
    ):
        with socket.socket(family, kind, protocol) as sock:
            sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_BROADCAST, 1
            )  # or a broadcast is "Permission denied"
            if address[0] == EVERYBODY:  # but on which wire? where no default route says so our address does
                sock.bind((socket.gethostbyname(socket.gethostname()), 0))
            try:
                if count_left:
                    sock.connect(address)  # only a connected socket is told of a refusal
                for number, piece in enumerate(pieces, 1):
                    sock.sendto(piece, address)
                    print(f"sent {len(piece)} octets to {address[0]} port {port}, {number} of {len(pieces)}")
                if count_left:
                    wait_for_refusal(sock)
                return
            except OSError as error:
                if not count_left:
                    raise
                print(f"{address[0]} port {port}: {error.strerror}; trying the next address")


def wait_for_refusal(sock: socket.socket) -> None:
    """Give the host a moment to say that nobody listens there.

    Raises:
        OSError: it has said so.
    """
    sock.settimeout(REFUSAL_S)
    with contextlib.suppress(TimeoutError):
        sock.recv(1)


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
