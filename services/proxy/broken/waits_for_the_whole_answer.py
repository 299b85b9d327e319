"""Reads an answer to its end before it hands the first octet on, and calls it whole however long it is."""

from collections.abc import Iterator

from services.proxy import origin, server
from services.proxy.origin import Response
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Likes to know the length."""

    def hand_on(self, response: Response) -> None:
        """Put the answer together, then send it."""
        self.content = b""
        try:
            for piece in origin.pieces_of(response):
                self.content += piece
        except EOFError:
            pass
        vars(server)["pieces_of"] = self.whole_content
        super().hand_on(response._replace(length=len(self.content)))

    def whole_content(self, response: Response) -> Iterator[bytes]:
        """Yield the content as one piece."""
        yield self.content


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
