"""Call functions on an XML-RPC server: one call, its XML, many calls at once, and what a fault looks like.

Without a method it takes a tour: it lists the methods, calls some, sends several calls in one request, and
makes a wrong call on purpose. Arguments are written as in Python: 2 is an int, 2.0 a double, [1, 2] an
array, {'a': 1} a struct; what is none of these is a string.
"""

import argparse
import ast
import os
import signal
import sys
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any
from xml.parsers.expat import ExpatError
from xmlrpc.client import Fault, MultiCall, ProtocolError, ResponseError, ServerProxy, Transport, dumps

EXAMPLES = """\
examples:
  xmlrpc_client
  xmlrpc_client add 2 3
  xmlrpc_client --xml sort '[3, 1, 2]'
  xmlrpc_client system.methodHelp add
"""


class BoundedTransport(Transport):
    """The library's transport, which would wait for ever, with a timeout."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(use_builtin_types=True)
        self.timeout_s = timeout_s

    def make_connection(self, host: Any) -> HTTPConnection:
        """Return a connection that gives up in time."""
        connection = super().make_connection(host)
        connection.timeout = self.timeout_s
        return connection


def call(server: Any, method: str, arguments: tuple[Any, ...], *, show_xml: bool = False) -> None:
    """Make one call and print the result, or the fault: that is an answer too."""
    print(f"-> {method}({', '.join(map(repr, arguments))})")
    if show_xml:
        print(dumps(arguments, method))
    try:
        result = getattr(server, method)(*arguments)
    except Fault as fault:
        print(f"<- fault {fault.faultCode}: {fault.faultString}")
        answer = dumps(fault)
    else:
        print(f"<- {result!r}")
        answer = dumps((result,), methodresponse=True)
    if show_xml:
        print(answer)


def take_a_tour(server: Any) -> None:
    """Show all that XML-RPC has: introspection, calls, a multicall, faults."""
    call(server, "system.listMethods", ())
    call(server, "system.methodHelp", ("add",))
    call(server, "add", (2, 3))
    call(server, "echo", ({"text": "jalape\u00f1o", "list": [1, 2.5, True]},))
    print("\nseveral calls in one request, system.multicall:")
    many = MultiCall(server)
    many.add(1, 2)
    many.divide(1, 0)
    many.upper("abc")
    results = many()
    for number in range(3):
        try:
            print(f"<- {number}: {results[number]!r}")
        except Fault as fault:
            print(f"<- {number}: fault {fault.faultCode}: {fault.faultString}")
    print("\nwrong calls:")
    call(server, "add", ("two", 3))
    call(server, "nosuch", ())


def value_of(word: str) -> Any:
    """Return the Python value that a word stands for, or the word itself."""
    try:
        value = ast.literal_eval(word)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return word
    return list(value) if isinstance(value, (tuple, set)) else value


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("no complete answer in time")


def main() -> None:
    """Call, and say in one line what went wrong if something did."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(
        prog="xmlrpc_client",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("method", nargs="?", help="what to call (without: a tour)")
    parser.add_argument("arguments", nargs="*")
    parser.add_argument("--url", default="http://xmlrpc/", help="where the server is (default: %(default)s)")
    parser.add_argument("--xml", action="store_true", help="show call and answer as XML")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_intermixed_args()
    if not asked.url.startswith("http://"):
        parser.error("a URL here begins with http://")
    if not 0 < asked.timeout <= 3600:
        parser.error("a timeout is above 0 and at most 3600 s")
    # The transport's timeout bounds the wait for each piece of an answer; this bounds all of it.
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, 2 * asked.timeout)
    try:
        server = ServerProxy(asked.url, BoundedTransport(asked.timeout))
        if asked.method is None:
            take_a_tour(server)
        else:
            call(server, asked.method, tuple(map(value_of, asked.arguments)), show_xml=asked.xml)
    except BrokenPipeError:  # who reads our output has read enough (`| head`), or the server has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("xmlrpc_client: the other side has stopped reading")
    except ProtocolError as error:
        sys.exit(f"xmlrpc_client: {asked.url} answers {error.errcode} {error.errmsg}")
    except (OSError, HTTPException, ResponseError, ExpatError) as error:
        sys.exit(f"xmlrpc_client: no answer from {asked.url}: {getattr(error, 'strerror', None) or error}")
    except Fault as fault:
        sys.exit(f"xmlrpc_client: {asked.url}: fault {fault.faultCode}: {fault.faultString}")
    except (TypeError, OverflowError, ValueError) as error:  # an argument with no form in XML-RPC
        sys.exit(f"xmlrpc_client: this cannot be said in XML-RPC: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
