"""Has nothing to show at its root."""

from services.wsgi import mounts, server


class Mounts(mounts.Mounts):
    """Offers its applications only to those who know of them."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__(names)
        self.index = self.nothing


if __name__ == "__main__":
    server.AppServer(server.PORT, Mounts(server.OFFERED)).serve_until_killed()
