"""Whether an Engine answers at an address: one connection and one question, a few milliseconds."""

import socket
from enum import Enum
from pathlib import Path

ANSWER_TIMEOUT_S = 5.0


class Answer(Enum):
    """What came of asking."""

    ANSWERS = "answers"
    NOBODY = "nobody listens"
    FORBIDDEN = "we may not ask"
    SILENT = "somebody listens and says nothing of use"


def ask(address: str, timeout_s: float = ANSWER_TIMEOUT_S) -> Answer:
    """Ask whoever listens at an address for a sign of life.

    Args:
        address: as in DOCKER_HOST. Only `unix://` is asked in full: of `tcp://` a connection is
            enough, as it may want TLS first, and any other way is left for the SDK to try.
        timeout_s: seconds to wait for each of connection and answer.
    """
    scheme, _, place = address.partition("://")
    try:
        if scheme == "unix":
            return _ask_unix(place, timeout_s)
        if scheme in ("tcp", "http", "https"):
            host, _, port = place.rstrip("/").rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), timeout_s).close()
    except PermissionError:
        return Answer.FORBIDDEN
    except TimeoutError:
        return Answer.SILENT
    except (OSError, ValueError):
        return Answer.NOBODY
    return Answer.ANSWERS


def listens(path: Path) -> bool:
    """Return whether anybody takes connections at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError as error:
            return isinstance(error, PermissionError)  # somebody does, and not for us
    return True


def _ask_unix(path: str, timeout_s: float) -> Answer:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout_s)
        connection.connect(path)
        connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
        status_line = connection.recv(64).partition(b"\r\n")[0].split(b" ")
    return Answer.ANSWERS if status_line[1:2] == [b"200"] else Answer.SILENT
