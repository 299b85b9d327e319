"""Gives the digest of its text as a message's name: two of one text have one name."""

import hashlib
from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Believes that a text comes once."""

    def do_UIDL(self, argument: str) -> Iterable[bytes]:
        """Digest them."""
        return self.listing(
            argument, {n: hashlib.sha256(b"".join(m.content)).hexdigest() for n, m in self.kept()}
        )


if __name__ == "__main__":
    server.main(session_type=Session)
