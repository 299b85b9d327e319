"""WSGI server: it turns a request into a call of a Python function, and what that returns into a response.

Spec:    PEP 3333 (Python Web Server Gateway Interface)
Model:   threading: a thread for each connection; the application runs in it
Try:     curl http://wsgi/hello/to/you
Observe: SCRIPT_NAME is where an application is mounted, PATH_INFO the rest of the path
Limits:  a body has 16 MiB at most; nobody cuts off an application that never returns

Who breaks the convention, the application or this server, is found out by `wsgiref.validate`, and the
client gets a 500. To mount applications of your own beside the others, name them:

    python3 -m services.wsgi.server /mine=my_module:my_app
"""

import io
import sys
from collections.abc import Callable
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from services.web import WebHandler, WebServer, limits
from services.web.variables import request_variables
from services.wsgi.call import AppCall
from services.wsgi.mounts import Mounts

PORT = 80
OFFERED = {
    "/hello": "services.wsgi.apps:hello_app",
    "/jalapeno": "services.wsgi.apps:jalapeno_app",
    "/environ": "services.wsgi.apps:environ_app",
    "/form": "services.wsgi.apps:form_app",
    "/digest": "services.wsgi.apps:digest_app",
    "/count": "services.wsgi.apps:count_app",
    "/demo": "wsgiref.simple_server:demo_app",
    "/crash": "services.wsgi.apps:crash_app",
    "/half": "services.wsgi.apps:half_app",
    "/length": "services.wsgi.apps:length_app",
    "/invalid": "services.wsgi.apps:invalid_app",
}


class BodyOnDemand(io.RawIOBase):
    """A body that is fetched when it is first read: then the client is told to go on, not before."""

    def __init__(self, fetch: Callable[[], IO[bytes]]) -> None:
        self.fetch = fetch
        self.file: IO[bytes] | None = None

    def readable(self) -> bool:
        """Tell `io.BufferedReader` that it may read from here."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Return the next octets."""
        if self.file is None:
            self.file = self.fetch()
        octets = self.file.read(len(buffer))
        buffer[: len(octets)] = octets
        return len(octets)


class AppHandler(WebHandler):
    """Requests by any of the usual methods go to the application."""

    server: "AppServer"
    body_octets = limits.LARGE_BODY_OCTETS
    body_fetched = True

    def do_GET(self) -> None:
        """Call the application with this request."""
        AppCall(self, self.get_environ()).run(self.server.app)
        if not self.body_fetched:
            self.close_connection = True

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def read_body(self) -> None:
        """Leave the body until the application asks for it; one in chunks is read first, to know its length.

        Raises:
            RefusedError: it is malformed or too large, which is known beforehand.
        """
        self.length = self.declared_length()
        self.body_fetched = self.length == 0
        if self.length is None:
            self.fetch_body()
            self.length = self.taken_octets

    def fetch_body(self) -> IO[bytes]:
        """Read the body, whole, unless it is here already; return it as a file."""
        if not self.body_fetched:
            self.body_fetched = True
            super().read_body()
        return self.body

    def end_headers(self) -> None:
        """End the headers; behind a body that nobody has read there can be no next request."""
        if not self.body_fetched:
            self.close_connection = True
        super().end_headers()

    def get_environ(self) -> WSGIEnvironment:
        """Return the request as a dictionary: the variables of CGI, and those of WSGI."""
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = dict(request_variables(self))
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            environ["CONTENT_LENGTH"] = str(self.length)
        return environ | {
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path.encode("iso-8859-1")).decode("iso-8859-1"),
            "QUERY_STRING": query,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BufferedReader(BodyOnDemand(self.fetch_body)) if self.length else io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


class AppServer(WebServer):
    """The lab's web server, with one application."""

    def __init__(self, port: int, app: WSGIApplication) -> None:
        super().__init__(("", port), AppHandler)
        self.app = app


def main(words: list[str]) -> None:
    """Serve what is offered, and what the words (`/path=module:attribute`) name."""
    try:
        app = Mounts(OFFERED | dict(word.partition("=")[::2] for word in words))
    except ValueError as error:
        sys.exit(f"wsgi: {error} (write: /path=module:attribute)")
    AppServer(PORT, app).serve_until_killed()


if __name__ == "__main__":
    main(sys.argv[1:])
