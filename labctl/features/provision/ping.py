"""Whether an Engine responds at an address: one connection and one request, a few milliseconds."""

import socket
from enum import Enum
from pathlib import Path

TIMEOUT_S = 5.0


class Ping(Enum):
    """The result of a ping."""

    RESPONDS = "it responds"
    NOT_LISTENING = "nothing listens there"
    FORBIDDEN = "this user may not connect"
    UNRESPONSIVE = "something listens and does not respond as an Engine does"


def ping(address: str, timeout_s: float = TIMEOUT_S) -> Ping:
    """Ask the Engine at an address whether it responds.

    Args:
        address: as in DOCKER_HOST. Only `unix://` is asked in full: of `tcp://` a connection is
            enough, as it may want TLS first, and any other way is left for the SDK to try.
        timeout_s: seconds to wait for each of connection and answer.
    """
    scheme, _, place = address.partition("://")
    try:
        if scheme == "unix":
            return _ping_unix(place, timeout_s)
        if scheme in ("tcp", "http", "https"):
            host, _, port = place.rstrip("/").rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), timeout_s).close()
    except PermissionError:
        return Ping.FORBIDDEN
    except TimeoutError:
        return Ping.UNRESPONSIVE
    except (OSError, ValueError):
        return Ping.NOT_LISTENING
    return Ping.RESPONDS


def listens(path: Path) -> bool:
    """Return whether a process accepts connections at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError as error:
            return isinstance(error, PermissionError)  # one does, and not for this user
    return True


def _ping_unix(path: str, timeout_s: float) -> Ping:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout_s)
        connection.connect(path)
        connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
        status_line = connection.recv(64).partition(b"\r\n")[0].split(b" ")
    return Ping.RESPONDS if status_line[1:2] == [b"200"] else Ping.UNRESPONSIVE
