"""Writes a header of its own into every message."""

from collections.abc import Collection

from services.mail import server, store


class Store(store.Store):
    """Leaves a mark."""

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Put a line on top."""
        super().deliver((b"X-Lab: was here\r\n", *content), names)


if __name__ == "__main__":
    server.main(store_type=Store)
