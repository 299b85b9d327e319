"""Puts a message into the maildrop of its first recipient and forgets the others."""

from collections.abc import Collection

from services.mail import server, store


class Store(store.Store):
    """One message, one maildrop."""

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Take the first name."""
        super().deliver(content, list(names)[:1])


if __name__ == "__main__":
    server.main(store_type=Store)
