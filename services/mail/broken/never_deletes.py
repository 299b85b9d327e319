"""Says goodbye at QUIT and forgets what was marked."""

from collections.abc import Iterable

from services.mail import server, store


class Store(store.Store):
    """Keeps everything."""

    def remove(self, name: str, messages: Iterable[store.Message]) -> None:
        """Do nothing."""


if __name__ == "__main__":
    server.main(store_type=Store)
