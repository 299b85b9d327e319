r"""Web server with a handler of its own: four methods, and each answer says what was asked.

Spec:    RFC 9110 (HTTP semantics), RFC 9112 (HTTP/1.1)
Model:   threading: `http.server`, a thread for each connection, kept open for several requests
Try:     curl 'http://http/some/path?name=Ana' -d 'a body'
Observe: method, path, query, headers and body, as the server sees them; what differs between GET and HEAD
Limits:  PUT stores nothing; a body has 16 MiB at most, and an octet of it that is no UTF-8 is shown as `\xNN`

A handler is a class with one method for each of HTTP's: `services/web` reads the request, finds `do_GET`
in it, and calls that. What has no `do_...` is answered with 501. The files of `services/web` are the
protocol itself, in the order in which its `__init__` names them.
"""

import codecs
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from services.journal import peer_name
from services.web import WebHandler, WebServer, limits

PORT = 80
PIECE_OCTETS = 64 * 1024


class AskedHandler(WebHandler):
    """Answers every request with a description of it, in JSON."""

    body_octets = limits.LARGE_BODY_OCTETS

    def do_GET(self) -> None:
        """Describe the request. Its body may be large, so the answer is made twice: to count, and to send."""
        size = sum(map(len, self.answer_pieces()))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.command != "HEAD":
            for piece in self.answer_pieces():
                self.wfile.write(piece)

    do_HEAD = do_POST = do_PUT = do_GET

    def answer_pieces(self) -> Iterator[bytes]:
        """Yield the description as JSON, its last value, the body, piece by piece."""
        text = json.dumps(self.description(), indent=2, ensure_ascii=False)
        yield text.removesuffix("\n}").encode() + b',\n  "body": "'
        for piece in self.body_text():
            yield json.dumps(piece, ensure_ascii=False)[1:-1].encode()
        yield b'"\n}\n'

    def description(self) -> dict[str, object]:
        """Return what was asked, decoded, but for the body.

        A HEAD is described as the GET it stands for: its headers, Content-Length among them, are to be
        those that a GET would get (RFC 9110 section 9.3.2).
        """
        path, _, query = self.path.partition("?")
        return {
            "method": "GET" if self.command == "HEAD" else self.command,
            "path": unquote(path),
            "query": parse_qsl(query, keep_blank_values=True),
            "version": self.request_version,
            "headers": [f"{name}: {value}" for name, value in self.headers.items()],
            "client": peer_name(self.client_address),
        }

    def body_text(self) -> Iterator[str]:
        """Yield the body as text; a letter that lies across two pieces is one letter."""
        decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self.body.seek(0)
        while piece := self.body.read(PIECE_OCTETS):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)


def main() -> None:
    """Serve."""
    WebServer(("", PORT), AskedHandler).serve_until_killed()


if __name__ == "__main__":
    main()
