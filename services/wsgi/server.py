"""WSGI server: it turns a request into a call of a Python function, and what that returns into a response.

Spec:    PEP 3333 (Python Web Server Gateway Interface)
Model:   threading: a thread for each connection; the application runs in it
Try:     curl http://wsgi/hello/to/you
Observe: SCRIPT_NAME is where an application is mounted, PATH_INFO the rest of the path
Limits:  HTTP/1.0, a request a connection; nobody cuts off an application that never returns

Who breaks the convention, the application or this server, is found out by `wsgiref.validate`, and the
client gets a 500. To mount applications of your own beside the others, name them:

    python3 -m services.wsgi.server /mine=my_module:my_app
"""

import io
import sys
import traceback
from pathlib import Path
from typing import IO, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication, WSGIEnvironment

from services.journal import peer_name
from services.web import WebHandler, WebServer
from services.wsgi.mounts import Mounts

PORT = 80
OFFERED = {
    "/hello": "services.wsgi.apps:hello_app",
    "/jalapeno": "services.wsgi.apps:jalapeno_app",
    "/environ": "services.wsgi.apps:environ_app",
    "/form": "services.wsgi.apps:form_app",
    "/count": "services.wsgi.apps:count_app",
    "/demo": "wsgiref.simple_server:demo_app",
    "/crash": "services.wsgi.apps:crash_app",
    "/invalid": "services.wsgi.apps:invalid_app",
}


class AppCall(ServerHandler):
    """One call of an application: `start_response`, the content, and what happens when it crashes."""

    error_body = b"The application crashed. The server's log says how.\n"
    request_handler: "AppHandler"
    headers_sent: bool

    def write(self, data: bytes) -> None:
        """Send a piece of content, the headers before the first one; for HEAD send those alone."""
        if self.request_handler.command != "HEAD":
            super().write(data)
        elif not self.headers_sent:
            self.bytes_sent = len(data)
            self.send_headers()

    def log_exception(self, exc_info: object) -> None:
        """Tell of the crash in the request's line of the log."""
        error = sys.exception()
        assert error is not None
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        self.request_handler.remark = f"({type(error).__name__}: {error}, at {place})"


class AppHandler(WebHandler, WSGIRequestHandler):
    """Requests by any of the usual methods go to the application."""

    server: "AppServer"
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """Call the application with this request."""
        output = cast(IO[bytes], self.wfile)
        call = AppCall(io.BytesIO(self.body), output, sys.stderr, self.get_environ())
        call.request_handler = self
        call.os_environ = {}  # the environ is made from the request; the server's own is nobody's business
        call.run(self.server.app)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def get_environ(self) -> WSGIEnvironment:
        """Return the request as a dictionary: what CGI puts into the environment (RFC 3875)."""
        environ = super().get_environ()
        environ["REMOTE_ADDR"] = peer_name(self.client_address).rpartition(":")[0].strip("[]")
        return environ


class AppServer(WebServer, WSGIServer):
    """The lab's web server, with one application."""

    def __init__(self, port: int, app: WSGIApplication) -> None:
        super().__init__(("", port), AppHandler)
        self.app = app

    def server_bind(self) -> None:
        """Bind, and note what of `environ` is the same for each request."""
        super().server_bind()
        self.setup_environ()


def main(words: list[str]) -> None:
    """Serve what is offered, and what the words (`/path=module:attribute`) name."""
    try:
        app = Mounts(OFFERED | dict(word.partition("=")[::2] for word in words))
    except ValueError as error:
        sys.exit(f"wsgi: {error} (write: /path=module:attribute)")
    AppServer(PORT, app).serve_until_killed()


if __name__ == "__main__":
    main(sys.argv[1:])
