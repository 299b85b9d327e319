r"""Web server with a handler of its own: four methods, and each answer says what was asked.

Spec:    RFC 9110 (HTTP semantics), RFC 9112 (HTTP/1.1)
Model:   threading: `http.server`, a thread for each connection, kept open for several requests
Try:     curl 'http://http/some/path?name=Ana' -d 'a body'
Observe: method, path, query, headers and body, as the server sees them; what differs between GET and HEAD
Limits:  PUT stores nothing; a body is text here: an octet that is no UTF-8 is shown as `\xNN`

A handler is a class with one method for each of HTTP's: the library reads the request line, finds `do_GET`
in it, and calls that. What has no `do_...` is answered with 501.
"""

import json
from urllib.parse import parse_qsl, unquote

from services.journal import peer_name
from services.web import WebHandler, WebServer

PORT = 80


class AskedHandler(WebHandler):
    """Answers every request with a description of it, in JSON."""

    def do_GET(self) -> None:
        """Describe the request."""
        text = json.dumps(self.description(), indent=2, ensure_ascii=False) + "\n"
        self.send_content("application/json", text.encode())

    do_HEAD = do_POST = do_PUT = do_GET

    def description(self) -> dict[str, object]:
        """Return what was asked, decoded.

        A HEAD is described as the GET it stands for: its headers, Content-Length among them, are to be
        those that a GET would get (RFC 9110 section 9.3.2).
        """
        path, _, query = self.path.partition("?")
        return {
            "method": "GET" if self.command == "HEAD" else self.command,
            "path": unquote(path),
            "query": parse_qsl(query, keep_blank_values=True),
            "version": self.request_version,
            "headers": [f"{name}: {value.strip()}" for name, value in self.headers.items()],
            "body": self.body.decode(errors="backslashreplace"),
            "client": peer_name(self.client_address),
        }


def main() -> None:
    """Serve."""
    WebServer(("", PORT), AskedHandler).serve_until_killed()


if __name__ == "__main__":
    main()
