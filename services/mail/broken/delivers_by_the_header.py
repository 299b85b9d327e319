"""Delivers a message to its To: line, not to the envelope's recipients."""

import email
from collections.abc import Collection
from email.utils import getaddresses

from services.mail import server, store


class Store(store.Store):
    """Believes what the letter says, not the envelope."""

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Take the names from the header, when it has any."""
        header = email.message_from_bytes(b"".join(content)).get_all("To", [])
        told = [address.partition("@")[0] for _, address in getaddresses(header)]
        super().deliver(content, told or names)


if __name__ == "__main__":
    server.main(store_type=Store)
