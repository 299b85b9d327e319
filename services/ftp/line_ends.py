"""TYPE A: on the way a line ends with CRLF, here with LF (RFC 959 section 3.1.1.1).

Only a line end is translated. Every other octet stays, a CR that stands alone too, wherever the pieces of a
connection are cut: CR may be the last octet of one and LF the first of the next.
"""

from collections.abc import Iterable, Iterator


def to_network(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces of a file as they travel."""
    return (piece.replace(b"\n", b"\r\n") for piece in pieces)


class FromNetwork:
    """Translates pieces as they come; a CR at the end of one waits for the next."""

    def __init__(self) -> None:
        self.waiting = b""

    def translate(self, piece: bytes) -> bytes:
        """Return as much as is certain."""
        piece = self.waiting + piece
        self.waiting = b"\r" if piece.endswith(b"\r") else b""
        return piece[: len(piece) - len(self.waiting)].replace(b"\r\n", b"\n")

    def finish(self) -> bytes:
        """Return what still waits: no LF has come, so it is no line end."""
        waiting, self.waiting = self.waiting, b""
        return waiting
