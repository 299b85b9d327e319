"""Looks at a body's length before it asks whether anybody here wants one."""

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Has the questions in another order."""

    def method(self) -> object:
        """Refuse what is too large; then look for the method."""
        self.declared_length()
        return super().method()


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
