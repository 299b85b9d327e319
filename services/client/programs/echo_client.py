"""Send a message to an echo server and read it back, sixteen octets at a time."""

import argparse
import os
import socket
import sys
from typing import TextIO

PIECE_OCTETS = 16


def echo(message: bytes, log: TextIO, *, host: str = "echo", port: int = 7, timeout_s: float = 5.0) -> bytes:
    """Send the message and return its echo; tell the log every step, a line each.

    TCP keeps no message borders, so neither a short piece nor a full one says that this was all.
    What ends the reading is that as much has come back as was sent.

    Raises:
        OSError: the server cannot be reached, or is silent for too long.
        EOFError: it closed the connection before everything had come back.
    """
    print(f"connecting to {host} port {port}", file=log)
    with socket.create_connection((host, port), timeout=timeout_s) as sock:
        print(f"sending {message!r}", file=log)
        sock.sendall(message)
        received = b""
        while len(received) < len(message):
            piece = sock.recv(PIECE_OCTETS)
            if not piece:
                raise EOFError(f"it closed after {len(received)} of {len(message)} octets")
            print(f"received {piece!r}", file=log)
            received += piece
        print("closing the connection", file=log)
    return received


def main() -> None:
    """Read the words of the command line, echo, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(
        prog="echo_client",
        description=__doc__,
        epilog='example: echo_client --host echo "a message longer than sixteen octets"',
    )
    parser.add_argument("message")
    parser.add_argument("--host", default="echo", help="name or address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7, help="TCP port (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.timeout <= 3600):
        parser.error("a port is 1 to 65535, and a timeout above 0 and at most 3600 s")
    message = os.fsencode(asked.message)
    try:
        received = echo(message, sys.stdout, host=asked.host, port=asked.port, timeout_s=asked.timeout)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"echo_client: no echo from {asked.host} port {asked.port}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
    if received != message:
        sys.exit(f"echo_client: {asked.host} port {asked.port} sent something else than it was sent")


if __name__ == "__main__":
    main()
