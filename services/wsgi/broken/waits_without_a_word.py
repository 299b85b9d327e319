"""Waits for a body that the client holds back."""

from typing import IO

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Does not know Expect."""

    def fetch_body(self) -> IO[bytes]:
        """Read the body, and say nothing before."""
        del self.headers["Expect"]
        return super().fetch_body()


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
