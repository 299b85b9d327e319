"""XML-RPC server: a POST with a function's name and arguments, answered with the result.

Spec:    XML-RPC (xmlrpc.com/spec.md), with its customary introspection and multicall
Model:   threading: a thread for each connection
Try:     python3 -m services.client.programs.xmlrpc_client --url http://xmlrpc/ add 2 3
Observe: a wrong call is HTTP 200 too; the fault stands in the XML
Limits:  no nil, no 64-bit int, no compression; a call is 256 KiB at most, and has no DOCTYPE

The library's `xmlrpc.server.SimpleXMLRPCServer` does the same in three lines, for friends: its faults show
Python's own error texts, and it reads whatever XML and however much of it comes.
"""

from http import HTTPStatus
from pathlib import Path
from xmlrpc.client import Fault

from services.web import RefusedError, WebHandler, WebServer
from services.xmlrpc.functions import call
from services.xmlrpc.protocol import parse_call, render_response

PORT = 80
PATHS = ("/", "/RPC2")  # the second is where most clients look by custom
INDEX = Path(__file__).parent / "index.html"


class XMLRPCHandler(WebHandler):
    """POST is a call; GET shows a person how to make one."""

    body_octets = 256 * 1024

    def do_POST(self) -> None:
        """Answer a call: with its result, or with a fault."""
        self.require_path()
        self.send_content("text/xml; charset=utf-8", render_response(self.result_of_call()))

    def result_of_call(self) -> object:
        """Return what the function returns; a fault is a result like any other."""
        name = "?"
        try:
            name, arguments = parse_call(self.body.read())
            result = call(name, arguments)
        except Fault as fault:
            self.remark = f"{name[:80]}: fault {fault.faultCode}"
            return fault
        self.remark = name
        return result

    def do_GET(self) -> None:
        """Show how to call."""
        self.require_path()
        self.send_content("text/html; charset=utf-8", INDEX.read_bytes())

    do_HEAD = do_GET

    def require_path(self) -> None:
        """Let only the known paths through.

        Raises:
            RefusedError: it is another one.
        """
        if self.path not in PATHS:
            raise RefusedError(HTTPStatus.NOT_FOUND, "calls are taken at / and at /RPC2")


def main() -> None:
    """Serve the functions."""
    WebServer(("", PORT), XMLRPCHandler).serve_until_killed()


if __name__ == "__main__":
    main()
