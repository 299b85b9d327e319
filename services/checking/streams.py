"""Reading from a stream socket, whose pieces need not be the pieces that were sent."""

import socket

LIMIT_OCTETS = 64 * 1024 * 1024


def receive_exactly(sock: socket.socket, size_octets: int) -> bytes:
    """Return exactly so many octets.

    Raises:
        EOFError: the peer closed before they were all there.
    """
    pieces: list[bytes] = []
    missing = size_octets
    while missing:
        piece = sock.recv(min(missing, 65536))
        if not piece:
            raise EOFError(f"the peer closed after {size_octets - missing} of {size_octets} octets")
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def receive_until_eof(sock: socket.socket, limit_octets: int = LIMIT_OCTETS) -> bytes:
    """Return all octets until the peer closes its side.

    Raises:
        EOFError: it sent more than the limit.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := sock.recv(65536):
        pieces.append(piece)
        size += len(piece)
        if size > limit_octets:
            raise EOFError(f"the peer sent more than {limit_octets} octets")
    return b"".join(pieces)


def receive_line(sock: socket.socket, limit_octets: int = 65536) -> bytes:
    """Return octets up to and with the next line feed, and not one more.

    Raises:
        EOFError: the peer closed, or sent more than the limit, before a line feed.
    """
    line = bytearray()
    while not line.endswith(b"\n"):
        octet = sock.recv(1)
        if not octet:
            raise EOFError(f"the peer closed in the middle of a line, after {bytes(line)!r}")
        line += octet
        if len(line) > limit_octets:
            raise EOFError(f"the peer sent more than {limit_octets} octets without a line feed")
    return bytes(line)
