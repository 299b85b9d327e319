"""Knows three methods: PUT is 501."""

from services.http import server
from services.web import WebServer


class AskedHandler(server.AskedHandler):
    """Was never asked to PUT."""

    def __getattribute__(self, name: str) -> object:
        """Find everything but `do_PUT`."""
        if name == "do_PUT":
            raise AttributeError(name)
        return super().__getattribute__(name)


if __name__ == "__main__":
    WebServer(("", server.PORT), AskedHandler).serve_until_killed()
