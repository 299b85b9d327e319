"""Forgets that it may have read on behind the CONNECT: what lies in its own buffer never gets through."""

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Looks at the socket alone."""

    def sent_early(self) -> bytes:
        """Think that nothing was."""
        super().sent_early()
        return b""


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
