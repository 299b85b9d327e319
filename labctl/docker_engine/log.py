"""What a container has written so far, in one request.

The SDK's `logs` first asks whether the container has a terminal, which doubles what a reset pays for
looking at the logs of a lab; none of ours has one.
"""

import struct
from collections.abc import Iterator
from datetime import datetime

from docker.api.client import APIClient

from labctl.docker_engine.asking import get

HEADER = struct.Struct(">BxxxL")  # which stream, and how many bytes follow (Engine API, "attach")


def read_log(
    client: APIClient, container_id: str, *, tail: int | str, timestamps: bool, since: float | None
) -> Iterator[bytes]:
    """Yield what a container has written, oldest first, in the pieces in which it did.

    Args:
        client: the Engine's.
        container_id: which container; one without a terminal.
        tail: how many of the last lines, or `all`.
        timestamps: whether each line begins with the Engine's time of it.
        since: of these lines only those from this time on, in seconds; None: all.

    Raises:
        docker.errors.APIError: the Engine refused.
    """
    asked = {"stdout": 1, "stderr": 1, "tail": tail, "timestamps": int(timestamps)}
    if since is not None:
        asked["since"] = f"{since:.6f}"
    answer = get(client, f"/containers/{container_id}/logs", asked)
    yield from split_frames(answer.content)


def seconds_of(time: str) -> float:
    """Return a time as the Engine writes it (RFC 3339) in seconds since the epoch, cut to the microsecond."""
    return datetime.fromisoformat(time).timestamp()


def split_frames(data: bytes) -> Iterator[bytes]:
    """Yield the contents of the frames that a multiplexed stream consists of."""
    place = 0
    while place + HEADER.size <= len(data):
        _, length = HEADER.unpack_from(data, place)
        place += HEADER.size
        yield data[place : place + length]
        place += length
