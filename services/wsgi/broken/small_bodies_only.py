"""Takes forms, and takes a photo for an attack."""

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Has a limit from the days of forms."""

    body_octets = 64 * 1024


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
