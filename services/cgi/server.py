"""CGI gateway: each request starts a program, tells it the request, and sends what it prints.

Spec:    RFC 3875 (CGI/1.1)
Model:   threading, and a child process for each request
Try:     curl 'http://cgi/cgi-bin/environ.py/some/path?key=value'
Observe: the request has become environment variables, so a script may be in any language
Limits:  no nph- scripts, no command-line queries (section 4.4); a local redirect (6.2.2) becomes a 302;
         output is collected before it is sent, so that a script that fails half-way gets a clean 500

A script that is not done after `SCRIPT_S`, or prints more than `OUTPUT_OCTETS`, is killed with all
that it started; so is what a script leaves behind (`processes.py`).
What it prints to its standard error goes to the server's log.
"""

import os
import threading
from http import HTTPStatus
from pathlib import Path

from services.cgi import processes
from services.cgi.protocol import NotAReplyError, as_it_came, parse_reply, path_variables
from services.web import RefusedError, WebHandler, WebServer, limits
from services.web.errors import is_scarcity
from services.web.variables import request_variables

PORT = 80
SCRIPTS = Path(__file__).parent / "cgi_bin"
PREFIX = "/cgi-bin/"
INDEX = Path(__file__).parent / "index.html"
SCRIPT_S = 5.0
OUTPUT_OCTETS = 1024 * 1024
SCRIPTS_AT_ONCE = 16  # a child takes 7 to 14 MB; others wait for a place, SCRIPT_S at most
INHERITED = ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG")  # the rest of our own is not a script's


class CGIHandler(WebHandler):
    """GET, HEAD and POST for scripts; the root page is a file."""

    body_octets = limits.LARGE_BODY_OCTETS
    places = threading.Semaphore(SCRIPTS_AT_ONCE)

    def do_GET(self) -> None:
        """Run the script that the path names, or show the root page."""
        if self.path.partition("?")[0] == "/":
            self.send_content("text/html; charset=utf-8", INDEX.read_bytes())
            return
        variables = path_variables(self.path, PREFIX) or {"SCRIPT_NAME": ""}
        name = variables["SCRIPT_NAME"].removeprefix(PREFIX)
        # Looked up among the names there are, so that no spelling of `..` leads outside.
        if name not in {file.name for file in SCRIPTS.iterdir() if file.is_file()}:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such script")
        if not os.access(SCRIPTS / name, os.X_OK):
            raise RefusedError(HTTPStatus.FORBIDDEN, "this file is not a program")
        self.send_reply(self.run_script(SCRIPTS / name, self.environment() | variables))

    do_HEAD = do_POST = do_GET

    def environment(self) -> dict[str, str]:
        """Return the script's environment, but for what stands in the path."""
        variables = {key: as_it_came(value) for key, value in request_variables(self).items()}
        variables.pop("HTTP_AUTHORIZATION", None)  # a password is for the server (section 4.1.18)
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            variables["CONTENT_LENGTH"] = str(self.taken_octets)
        inherited = {key: os.environ[key] for key in INHERITED if key in os.environ}
        return inherited | variables | {"GATEWAY_INTERFACE": "CGI/1.1"}

    def run_script(self, script: Path, variables: dict[str, str]) -> bytes:
        """Run a script with the request's body on its standard input; return its output.

        Raises:
            RefusedError: it cannot be started, is not done in time, or prints too much.
        """
        if not self.places.acquire(timeout=SCRIPT_S):
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "too many scripts are running")
        try:
            # The body is a file, not a pipe: nobody has to feed it while the output is being read.
            return processes.run(
                script, variables, self.body.fileno(), limit_s=SCRIPT_S, limit_octets=OUTPUT_OCTETS
            )
        except TimeoutError:
            reason = f"the script was not done after {SCRIPT_S:g} s"
            raise RefusedError(HTTPStatus.GATEWAY_TIMEOUT, reason) from None
        except processes.TooMuchError:
            reason = f"the script printed more than {OUTPUT_OCTETS} octets"
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, reason) from None
        except OSError as error:
            self.remark = f"({script.name}: {error.strerror})"
            if is_scarcity(error):
                raise
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "the script cannot be started") from error
        finally:
            self.places.release()

    def send_reply(self, output: bytes) -> None:
        """Send what a script printed, or 500 when that is no reply.

        Raises:
            RefusedError: it is none.
        """
        try:
            reply = parse_reply(output)
        except NotAReplyError as error:
            reason = f"the script printed no reply (RFC 3875 section 6): {error}"
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, reason) from error
        self.send_response(reply.status, reply.reason)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        if self.command != "HEAD" and reply.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.wfile.write(reply.content)


def main() -> None:
    """Serve the scripts."""
    processes.adopt_orphans()
    WebServer(("", PORT), CGIHandler).serve_until_killed()


if __name__ == "__main__":
    main()
