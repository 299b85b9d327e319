"""Keeps text as Unix does, with LF alone at the end of a line."""

from collections.abc import Collection

from services.mail import server, store


class Store(store.Store):
    """Forgets the carriage returns."""

    def deliver(self, content: tuple[bytes, ...], names: Collection[str]) -> None:
        """Replace CRLF."""
        super().deliver(tuple(block.replace(b"\r\n", b"\n") for block in content), names)


if __name__ == "__main__":
    server.main(store_type=Store)
