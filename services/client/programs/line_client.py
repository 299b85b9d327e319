"""Say line after line to an upper-case server and print its answers; a blank line ends it."""

import argparse
import os
import socket
import sys
from collections.abc import Iterable


def converse(lines: Iterable[bytes], *, host: str, port: int, timeout_s: float) -> None:
    """Send each line and print the answer to it, until a blank line or the last one.

    `makefile` lends the socket the face of a file, so that `readline` gives whole lines, in
    whatever pieces they came.

    Raises:
        OSError: the server cannot be reached, or is silent for too long.
        EOFError: it hung up while an answer was due.
    """
    with (
        socket.create_connection((host, port), timeout=timeout_s) as sock,
        sock.makefile("rb") as answers,
    ):
        print(f"connected to {host} port {port}", flush=True)
        for line in lines:
            line = line.rstrip(b"\r\n")
            if not line:
                break
            sock.sendall(line + b"\n")
            answer = answers.readline()
            if not answer.endswith(b"\n"):
                raise EOFError("it hung up")
            print(answer.decode(errors="backslashreplace"), end="", flush=True)
        sock.sendall(b"\n")
        print("said goodbye with a blank line", flush=True)


def main() -> None:
    """Read the words of the command line, talk, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(
        prog="line_client",
        description=__doc__,
        epilog='example: line_client --host threading "first line" "second line"',
    )
    parser.add_argument("lines", nargs="*", metavar="LINE", help="what to say (default: standard input)")
    parser.add_argument("--host", default="upper-tcp", help="name or address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=9999, help="TCP port (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.timeout <= 3600):
        parser.error("a port is 1 to 65535, and a timeout above 0 and at most 3600 s")
    lines = map(os.fsencode, asked.lines) if asked.lines else sys.stdin.buffer
    try:
        converse(lines, host=asked.host, port=asked.port, timeout_s=asked.timeout)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"line_client: no answer from {asked.host} port {asked.port}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
