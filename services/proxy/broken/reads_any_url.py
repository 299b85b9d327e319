"""Takes apart any URL it is given, and makes what is missing up from the Host header."""

from urllib.parse import urlsplit

from services.proxy import server
from services.web import WebServer


class ProxyHandler(server.ProxyHandler):
    """Does not want to refuse anybody."""

    def do_GET(self) -> None:
        """Find some host and some path in what was asked."""
        url = urlsplit(self.path)
        host = url.netloc.rpartition("@")[2] or self.headers.get("Host", "")
        self.path = (
            f"http://{host}{url.path if url.path.startswith('/') else '/'}{'?' * bool(url.query)}{url.query}"
        )
        super().do_GET()

    do_HEAD = do_POST = do_PUT = do_GET


if __name__ == "__main__":
    WebServer(("", server.PORT), ProxyHandler).serve_until_killed()
