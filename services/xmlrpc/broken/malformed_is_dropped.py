"""Closes the connection on what it does not understand."""

from xmlrpc.client import Fault

from services.web import WebServer
from services.xmlrpc import server
from services.xmlrpc.functions import NOT_A_CALL, NOT_WELL_FORMED


class XMLRPCHandler(server.XMLRPCHandler):
    """Expects well-formed calls."""

    def result_of_call(self) -> object:
        """Answer a call, or say nothing at all."""
        result = super().result_of_call()
        if isinstance(result, Fault) and result.faultCode in (NOT_WELL_FORMED, NOT_A_CALL):
            raise ConnectionAbortedError("no call")
        return result


if __name__ == "__main__":
    WebServer(("", server.PORT), XMLRPCHandler).serve_until_killed()
