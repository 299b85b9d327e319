"""Send a datagram, wait for the answer, and try again a few times: UDP itself never will."""

import argparse
import os
import socket
import sys


def ask(sock: socket.socket, message: bytes, attempts: int) -> bytes | None:
    """Send the message until an answer comes; return it, or None after so many attempts.

    The socket's timeout is the time given to each attempt.
    """
    for attempt in range(1, attempts + 1):
        print(f"sending {message!r}, attempt {attempt} of {attempts}")
        try:
            sock.send(message)
            return sock.recv(65535)
        except TimeoutError:
            print(f"nothing came back within {sock.gettimeout():g} s")
        except ConnectionRefusedError:  # ICMP port unreachable: the host is there, the server is not
            print("the host says that nobody listens there")
    return None


def ask_each_address(
    host: str, port: int, message: bytes, attempts: int, *, timeout_s: float
) -> bytes | None:
    """Ask one address of a host after another, as `create_connection` does for TCP, until one answers.

    Raises:
        OSError: the name is unknown, or no address can be asked.
    """
    error: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind, protocol) as sock:
                sock.bind(("", 0))  # port 0: the system picks a free one, as it would at the first send
                sock.connect(address)  # sends nothing; from now on the kernel drops strangers' datagrams
                sock.settimeout(timeout_s)
                mine = sock.getsockname()[1]
                print(f"bound to the ephemeral port {mine}, asking {host} port {port} at {address[0]}")
                answer = ask(sock, message, attempts)
        except OSError as reason:  # this machine has no way to it, for one
            print(f"cannot ask {address[0]}: {reason.strerror}")
            error = reason
            continue
        error = None
        if answer is not None:
            return answer
    if error:
        raise error
    return None


def main() -> None:
    """Read the words of the command line, ask, and show what came back."""
    parser = argparse.ArgumentParser(
        prog="udp_client",
        description=__doc__,
        epilog='example: udp_client --host upper-udp --port 10000 --retries 2 "hello"',
    )
    parser.add_argument("message")
    parser.add_argument("--host", default="upper-udp", help="name or address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=10000, help="UDP port (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=float, default=1.0, metavar="S", help="patience for each attempt (1)"
    )
    parser.add_argument("--retries", type=int, default=3, metavar="N", help="attempts after the first (3)")
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.timeout <= 3600):
        parser.error("a port is 1 to 65535, and a timeout above 0 and at most 3600 s")
    where = f"{asked.host} port {asked.port}"
    attempts = 1 + max(asked.retries, 0)
    try:
        answer = ask_each_address(
            asked.host, asked.port, os.fsencode(asked.message), attempts, timeout_s=asked.timeout
        )
    except OSError as error:
        sys.exit(f"udp_client: cannot ask {where}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)
    if answer is None:
        sys.exit(f"udp_client: no answer from {where} after {attempts} attempts")
    print(f"received {answer!r}")


if __name__ == "__main__":
    main()
