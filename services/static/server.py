"""Static web server: the files of one folder, and nothing outside it.

Spec:    RFC 9110 (HTTP semantics), RFC 9112 (HTTP/1.1)
Model:   threading: `http.server`, a thread for each connection, kept open for several requests
Try:     curl -i http://static/samples/hello.txt
Observe: Content-Type follows the file's extension; ask again with If-Modified-Since and get 304, no content
Limits:  no ranges, no compression, no directory listings: a folder without an index page is 403

`SimpleHTTPRequestHandler` knows how to find, type and send a file. What it would do beyond that, we
decide here: it would list a folder, and call a file that it may not read "not found".
"""

import io
import os
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO

from services.web import WebHandler, WebServer

PORT = 80
PAGES = Path(__file__).parent / "pages"


class StaticHandler(WebHandler, SimpleHTTPRequestHandler):
    """GET and HEAD for files; any other method is 501, as the library does."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=PAGES)

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the headers; return the open file, or None when there is nothing more to send."""
        try:
            path = self.translate_path(self.path)
            if os.access(path, os.F_OK) and not os.access(path, os.R_OK):
                self.send_error(HTTPStatus.FORBIDDEN, explain="This file is not for everybody")
                return None
            return super().send_head()
        except ValueError:  # no file can have such a name: its octets are no text
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """Refuse: what lies in a folder is told by its index page, or not at all."""
        self.send_error(HTTPStatus.FORBIDDEN, explain="This folder has no index page")
        return None

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return the type by extension, and for text the encoding of all our pages."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def main() -> None:
    """Serve the pages."""
    WebServer(("", PORT), StaticHandler).serve_until_killed()


if __name__ == "__main__":
    main()
