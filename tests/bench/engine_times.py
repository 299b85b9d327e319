"""How long each lab of a class took to come up, by the Engine's own clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from labctl import labels
from tests.bench.labs import BenchLab


def read_lab_seconds(client: Any, labs: Sequence[BenchLab]) -> list[float]:
    """Return for each lab the seconds from its network's making to its last container's start.

    Args:
        client: the SDK's low-level client.
        labs: in the order in which they are to be told.
    """
    seconds = []
    for lab in labs:
        mine = {"label": f"{labels.PROJECT}={lab.project}"}
        began = min(_moment(each["Created"]) for each in client.networks(filters=mine))
        found = [client.inspect_container(each["Id"]) for each in client.containers(filters=mine)]
        ended = max(_moment(each["State"]["StartedAt"]) for each in found)
        seconds.append(round((ended - began).total_seconds(), 3))
    return seconds


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
