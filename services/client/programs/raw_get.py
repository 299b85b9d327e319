"""Fetch a page with nothing but a socket: the request written out, the answer as it comes."""

import argparse
import os
import re
import socket
import sys
import time

PIECE_OCTETS = 4096
LIMIT_OCTETS = 16 * 1024 * 1024
SHOWN_OCTETS = 4000
# Of a URL only what this program can do: http://HOST[:PORT][/PATH], an IPv6 address in brackets.
URL = re.compile(
    r"http://(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/[!-~]*)?", re.A
)


def connect(host: str, port: int, timeout_s: float) -> socket.socket:
    """Return a connection to the first of the host's addresses that takes one.

    A name may have several addresses, IPv6 and IPv4. What `getaddrinfo` says of each, the family, the kind
    of socket and the address, is just what `socket` and `connect` want to know.

    Raises:
        OSError: the name has no address, or none of them answers.
    """
    failure = OSError("no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(timeout_s)
        try:
            sock.connect(address)
        except OSError as error:
            print(f"{address[0]} port {port}: {error.strerror or error}")
            sock.close()
            failure = error
        else:
            print(f"connected to {address[0]} port {port}")
            return sock
    raise failure


def receive_until_eof(sock: socket.socket, timeout_s: float) -> bytes:
    """Return what the server sends until it closes, which is what an empty piece means.

    The pieces are kept in a list and joined once, at the end: adding each to what is already there would
    copy all of that, again and again.

    Raises:
        OSError: it has not come to an end in time.
        EOFError: it sends more than anyone would want.
    """
    deadline = time.monotonic() + timeout_s
    pieces: list[bytes] = []
    size = 0
    while piece := sock.recv(PIECE_OCTETS):
        print(f"received {len(piece)} octets")
        pieces.append(piece)
        size += len(piece)
        if size > LIMIT_OCTETS:
            raise EOFError(f"it sends more than {LIMIT_OCTETS} octets")
        sock.settimeout(max(deadline - time.monotonic(), 0.001))
    print(f"end of file: {size} octets in {len(pieces)} pieces")
    return b"".join(pieces)


def get(host: str, port: int, path: str, timeout_s: float) -> bytes:
    """Make one request and return the whole answer: status line, headers, blank line, content.

    It is HTTP/1.0, whose server closes when it has said everything (RFC 9112 section 6.3, the last case);
    the Host header came with 1.1, and servers of several names want it from everybody.
    """
    netloc = f"[{host}]" if ":" in host else host
    netloc += "" if port == 80 else f":{port}"
    request = f"GET {path} HTTP/1.0\r\nHost: {netloc}\r\n\r\n".encode("ascii")
    with connect(host, port, timeout_s) as sock:
        print(f"sending {request!r}")
        sock.sendall(request)
        return receive_until_eof(sock, timeout_s)


def show(answer: bytes) -> None:
    """Print the answer; what could command the terminal is shown as Python writes it."""
    text = answer[:SHOWN_OCTETS].decode(errors="backslashreplace").replace("\r\n", "\n")
    print(
        "\n" + "".join(each if each.isprintable() or each in "\n\t" else ascii(each)[1:-1] for each in text)
    )
    if len(answer) > SHOWN_OCTETS:
        print(f"({len(answer) - SHOWN_OCTETS} octets more)")


def main() -> None:
    """Read the URL, fetch, and say what went wrong if something did."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(
        prog="raw_get", description=__doc__, epilog="example: raw_get http://static/samples/hello.txt"
    )
    parser.add_argument("url", help="http://HOST[:PORT][/PATH]")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    url = URL.fullmatch(asked.url)
    port = int(url["port"] or 80) if url else 0
    if url is None or not 0 < port < 65536:
        parser.error(f"{asked.url!r} is no URL of the form http://HOST[:PORT][/PATH]")
    if not 0 < asked.timeout <= 3600:
        parser.error("a timeout is above 0 and at most 3600 s")
    try:
        show(get(url["host"].strip("[]"), port, url["path"] or "/", asked.timeout))
    except BrokenPipeError:  # who reads our output has read enough (`| head`), or the server has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("raw_get: the other side has stopped reading")
    except (OSError, EOFError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"raw_get: no answer from {url['host']} port {port}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
