"""Sends a message by POP3 as it is: a lone dot in it ends it early."""

from collections.abc import Iterable, Iterator

from services.mail import protocol, server


def as_it_is(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks, and the end."""
    yield from blocks
    yield b".\r\n"


class Session(protocol.Session):
    """Knows nothing of dots."""

    dot_stuffed = staticmethod(as_it_is)


if __name__ == "__main__":
    server.main(session_type=Session)
