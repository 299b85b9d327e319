"""Gives every application an empty `wsgi.input`."""

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Reads the body, and keeps it."""

    def do_GET(self) -> None:
        """Call the application without a body."""
        self.body = b""
        super().do_GET()

    do_HEAD = do_POST = do_GET


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
