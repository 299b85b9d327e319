"""Static web server: the files of one folder, and nothing outside it.

Spec:    RFC 9110 (HTTP semantics: sections 13, conditions, and 14, ranges), RFC 9112 (HTTP/1.1)
Model:   threading: `http.server`, a thread for each connection, kept open for several requests
Try:     curl -i http://static/samples/hello.txt
Observe: Content-Type follows the file's extension; ask again with If-Modified-Since and get 304, no content
Limits:  one range at a time, no compression, no directory listings: a folder without an index page is 403

`SimpleHTTPRequestHandler` knows how to find a file by its path, and its type by its name. `conditions.py`
and `ranges.py` say what of it is sent.
"""

import io
import os
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO

from services.static.conditions import range_counts, status_by_conditions, validators_of
from services.static.ranges import UnsatisfiableError, parse_range
from services.web import RefusedError, WebHandler, WebServer
from services.web.errors import is_scarcity

PORT = 80
PAGES = Path(__file__).parent / "pages"


class Part:
    """So many octets of an open file, from where it stands."""

    def __init__(self, file: BinaryIO, size_octets: int) -> None:
        self.file = file
        self.left_octets = size_octets

    def read(self, size_octets: int = -1) -> bytes:
        """Return the next octets, empty at the part's end."""
        wanted = self.left_octets if size_octets < 0 else min(size_octets, self.left_octets)
        octets = self.file.read(wanted)
        self.left_octets -= len(octets)
        return octets


class StaticHandler(WebHandler, SimpleHTTPRequestHandler):
    """GET and HEAD for files; any other method is 501, its body unread."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=PAGES)

    def do_GET(self) -> None:
        """Send a file, or the part of it that was asked for."""
        with self.open_file() as file:
            part = self.send_head_of(file)
            if part:
                self.copyfile(part, self.wfile)

    def do_HEAD(self) -> None:
        """Send the same headers alone."""
        with self.open_file() as file:
            self.send_head_of(file)

    def open_file(self) -> BinaryIO:
        """Return the file that the path names, or a folder's index page.

        Raises:
            RefusedError: 404, there is none; 403, it is not for everybody.
        """
        try:
            text = self.translate_path(self.path)
            path = Path(text)
            if path.is_dir():
                index = path / "index.html"
                shown = self.path.partition("?")[0].endswith("/") and index.exists()
                return index.open("rb") if shown else io.BytesIO()
            if text.endswith("/"):  # a file is no folder
                raise FileNotFoundError
            return path.open("rb")
        except PermissionError:
            raise RefusedError(HTTPStatus.FORBIDDEN, "This file is not for everybody") from None
        except (OSError, ValueError) as error:  # ValueError: no file can have such a name
            if isinstance(error, OSError) and is_scarcity(error):
                raise
            raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such file") from None

    def send_head_of(self, file: BinaryIO) -> Part | None:
        """Send status and headers; return what is to follow, None when that is nothing."""
        if isinstance(file, io.BytesIO):
            self.answer_for_folder()
            return None
        state = os.fstat(file.fileno())
        now = validators_of(state)
        status = status_by_conditions(self.headers, now)
        if status == HTTPStatus.PRECONDITION_FAILED:
            raise RefusedError(status, "The file is not, or no longer, the one that you have")
        first, length = 0, state.st_size
        part = None
        if status == HTTPStatus.OK and self.command == "GET" and range_counts(self.headers, now):
            try:
                part = parse_range(self.headers.get("Range", ""), state.st_size)
            except UnsatisfiableError:
                self.send_unsatisfiable(state.st_size)
                return None
        if part:
            status, (first, length) = HTTPStatus.PARTIAL_CONTENT, part
        self.send_response(status)
        self.send_header("ETag", now.etag)
        self.send_header("Last-Modified", now.last_modified)
        if status == HTTPStatus.NOT_MODIFIED:
            self.end_headers()
            return None
        self.send_header("Content-Type", self.guess_type(file.name))
        self.send_header("Content-Length", str(length))
        self.send_header("Accept-Ranges", "bytes")
        if part:
            self.send_header("Content-Range", f"bytes {first}-{first + length - 1}/{state.st_size}")
        self.end_headers()
        file.seek(first)
        return Part(file, length)

    def send_unsatisfiable(self, size_octets: int) -> None:
        """Send 416, which says how long the file is."""
        self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        self.send_header("Content-Range", f"bytes */{size_octets}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_for_folder(self) -> None:
        """Send a folder's name with its slash, or what there is in place of its index page."""
        path, question_mark, query = self.path.partition("?")
        if not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            # One slash in front: two would be another host's name.
            self.send_header("Location", "/" + path.lstrip("/") + "/" + question_mark + query)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        listing = self.list_directory(self.translate_path(self.path))
        if listing:
            self.copyfile(listing, self.wfile)

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """Refuse: what lies in a folder is told by its index page, or not at all."""
        raise RefusedError(HTTPStatus.FORBIDDEN, "This folder has no index page")

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return the type by extension, and for text the encoding of all our pages."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def main() -> None:
    """Serve the pages."""
    WebServer(("", PORT), StaticHandler).serve_until_killed()


if __name__ == "__main__":
    main()
