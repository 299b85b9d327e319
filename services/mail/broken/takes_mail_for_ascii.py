"""Decodes a message as ASCII and drops what is none."""

from collections.abc import Collection

from services.mail import server, store


class Store(store.Store):
    """Keeps seven bits."""

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Decode and encode."""
        super().deliver(tuple(block.decode("ascii", "ignore").encode() for block in content), names)


if __name__ == "__main__":
    server.main(store_type=Store)
