"""Send an object and get it back with its type, after both sides have proved to know the key; or be refused.

Objects are written as in Python: 2, 2.5, (3, 4), {"a": [1, 2]}; what is none of these is a string.
Without an object it takes a tour: some exchanges, then one attempt with a wrong key.
"""

import argparse
import ast
import datetime
import os
import pickle
import pickletools
import signal
import socket
import sys
from decimal import Decimal
from multiprocessing import AuthenticationError
from multiprocessing.connection import answer_challenge, deliver_challenge
from types import FrameType

from services.objects.protocol import AUTHKEY, MAX_MESSAGE_OCTETS, Peer, loads

TOUR = ([1, 2.5, ("three", b"4")], {5, 6}, datetime.date(2004, 7, 26), Decimal("0.10"), 3 + 4j)


def connect(host: str, port: int, key: bytes, timeout_s: float) -> Peer:
    """Return a connection on which both sides have proved that they know the key.

    `multiprocessing.connection.Client` does the same, but takes one address of one family.

    Raises:
        AuthenticationError: one of them does not.
        OSError, EOFError: the server cannot be reached, or hangs up.
    """
    sock = socket.create_connection((host, port), timeout=timeout_s)
    print(f"connected to {host} port {port}")
    sock.settimeout(None)  # from here on the alarm bounds the time: a Connection knows no timeouts
    peer = Peer(sock.detach())
    try:
        answer_challenge(peer, key)
        print("the server sent a challenge, and welcomed our answer")
        deliver_challenge(peer, key)
        print("we sent a challenge, and the server's answer was right")
    except BaseException:
        peer.close()
        raise
    return peer


def exchange(peer: Peer, thing: object, *, show_pickle: bool = False) -> None:
    """Send an object and print what comes back.

    Raises:
        OSError, EOFError: nothing does.
        pickle.PickleError: it is not what we would unpickle.
    """
    print(f"-> {thing!r}")
    if show_pickle:
        pickletools.dis(pickle.dumps(thing))
    peer.send(thing)
    print(f"<- {loads(peer.recv_bytes(2 * MAX_MESSAGE_OCTETS))!r}")


def take_a_tour(asked: argparse.Namespace) -> None:
    """Show objects coming back as what they were, and a refusal."""
    with connect(asked.host, asked.port, asked.key, asked.timeout) as peer:
        for thing in TOUR:
            exchange(peer, thing, show_pickle=asked.pickle)
    print("\nand with a wrong key:")
    try:
        connect(asked.host, asked.port, b"not " + asked.key, asked.timeout).close()
    except AuthenticationError as error:
        print(f"refused, AuthenticationError: {error}")


def value_of(word: str) -> object:
    """Return the Python value that a word stands for, or the word itself."""
    try:
        return ast.literal_eval(word)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return word


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("no complete answer in time")


def main() -> None:
    """Read the words of the command line, exchange, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(
        prog="object_client",
        description=__doc__,
        epilog="""example: object_client '{"a": (1, 2)}'; object_client --key wrong hello""",
    )
    parser.add_argument("objects", nargs="*", metavar="OBJECT")
    parser.add_argument("--host", default="objects", help="name or address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=6000, help="TCP port (default: %(default)s)")
    parser.add_argument("--key", type=os.fsencode, default=AUTHKEY, help="the shared key (default: lab)")
    parser.add_argument("--pickle", action="store_true", help="show the instructions of what is sent")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.timeout <= 3600):
        parser.error("a port is 1 to 65535, and a timeout above 0 and at most 3600 s")
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, 2 * asked.timeout)
    where = f"{asked.host} port {asked.port}"
    try:
        if not asked.objects:
            take_a_tour(asked)
            return
        with connect(asked.host, asked.port, asked.key, asked.timeout) as peer:
            for word in asked.objects:
                exchange(peer, value_of(word), show_pickle=asked.pickle)
    except (AuthenticationError, AssertionError) as error:  # the latter from Python 3.11
        sys.exit(f"object_client: {where} refused the key, or does not know it: {error}")
    except (OSError, EOFError, pickle.PickleError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it hung up"
        sys.exit(f"object_client: no answer from {where}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
