"""Sends an application's content to HEAD too."""

from wsgiref.simple_server import ServerHandler

from services.wsgi import server


class AppCall(server.AppCall):
    """Leaves HEAD to the applications."""

    def write(self, data: bytes) -> None:
        """Send as for GET."""
        ServerHandler.write(self, data)


server.AppCall = AppCall  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
