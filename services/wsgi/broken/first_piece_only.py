"""Sends the first piece of the content, and takes it for all."""

from collections.abc import Iterable, Iterator

from services.wsgi import call, server


class AppCall(call.AppCall):
    """Forgets the loop."""

    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what comes first."""
        yield from list(result)[:1]


vars(server)["AppCall"] = AppCall

if __name__ == "__main__":
    server.main([])
