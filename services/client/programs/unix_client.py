"""Talk to a server by a path instead of a host and port: stream or datagrams, the same calls."""

import argparse
import os
import secrets
import socket
import sys
from pathlib import Path

FOLDER = Path("/run/lab")


def converse(lines: list[bytes], path: str, timeout_s: float) -> None:
    """Send lines on a stream and print the answer to each.

    Raises:
        OSError: nobody serves there, or not for us, or is silent for too long.
        EOFError: the server hung up while an answer was due.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(timeout_s)
        sock.connect(path)
        print(f"connected to {path}; our own address is {sock.getsockname()!r}: a stream needs none")
        with sock.makefile("rb") as answers:
            for line in lines:
                sock.sendall(line + b"\n")
                answer = answers.readline()
                if not answer.endswith(b"\n"):
                    raise EOFError("it hung up")
                print(f"sent {line!r}, received {answer!r}")


def exchange(messages: list[bytes], path: str, timeout_s: float) -> None:
    """Send datagrams and print the answer to each.

    To be answered we need an address of our own, a path that the server sees and may write to. No
    kernel picks one, as it does with an ephemeral port; and nobody but us removes it again.

    Raises:
        OSError: nobody serves there, or not for us, or is silent for too long.
    """
    own = Path(path).with_name(f"client-{secrets.token_hex(4)}")  # other clients are there too
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout_s)
        sock.bind(str(own))
        try:
            own.chmod(0o666)
            print(f"bound to {own}, sending to {path}")
            for message in messages:
                sock.sendto(message, path)
                answer, server = sock.recvfrom(256 * 1024)
                print(f"sent {message!r}, received {answer!r} from {server}")
        finally:
            own.unlink()


def main() -> None:
    """Read the words of the command line, talk, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(
        prog="unix_client",
        description=__doc__,
        epilog='example: unix_client "first line" "second line"; unix_client --datagram hello',
    )
    parser.add_argument("messages", nargs="+", metavar="TEXT")
    parser.add_argument("--datagram", action="store_true", help="a datagram for each text, not a stream")
    parser.add_argument("--path", help="of the server's socket (default: stream or datagram in /run/lab)")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    if not 0 < asked.timeout <= 3600:
        parser.error("a timeout is above 0 and at most 3600 s")
    talk, usual = (exchange, FOLDER / "datagram") if asked.datagram else (converse, FOLDER / "stream")
    path = asked.path or str(usual)
    try:
        talk([os.fsencode(text) for text in asked.messages], path, asked.timeout)
    except (OSError, EOFError) as error:
        sys.exit(f"unix_client: no answer from {path}: {getattr(error, 'strerror', None) or error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
