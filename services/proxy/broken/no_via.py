"""Keeps quiet about itself."""

from services.proxy import server
from services.proxy.protocol import Destination
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Wants to be invisible."""

    def request_for(self, destination: Destination) -> bytes:
        """Return the request without our Via."""
        return super().request_for(destination).replace(b"Via: 1.1 proxy\r\n", b"")

    def send_header(self, keyword: str, value: str) -> None:
        """Send every header but one."""
        if keyword != "Via":
            super().send_header(keyword, value)


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
