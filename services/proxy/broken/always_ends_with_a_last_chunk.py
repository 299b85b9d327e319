"""Ends each answer in due form, also one that broke off."""

from services.proxy import server
from services.proxy.origin import Response
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Tidies up."""

    def hand_on(self, response: Response) -> None:
        """Hand the answer on; when it breaks off, end it."""
        super().hand_on(response)
        if self.close_connection and response.length is None:
            self.wfile.write(b"0\r\n\r\n")


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
