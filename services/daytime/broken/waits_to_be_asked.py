"""Waits for a question before it tells the time, while the client waits for the time."""

from services.daytime import server


class DaytimeHandler(server.DaytimeHandler):
    """Reads a line first."""

    def handle(self) -> None:
        """Listen, then tell."""
        self.rfile.readline(1024)
        super().handle()


if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, DaytimeHandler).serve_forever()
