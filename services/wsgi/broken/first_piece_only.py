"""Sends the first piece of the content, and takes it for all."""

from collections.abc import Iterable

from services.wsgi import server


class AppCall(server.AppCall):
    """Forgets the loop."""

    result: Iterable[bytes] | None

    def finish_response(self) -> None:
        """Send what comes first."""
        self.result = list(self.result or ())[:1]
        super().finish_response()


server.AppCall = AppCall  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
