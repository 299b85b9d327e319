"""Print the fingerprint of this container as one JSON document.

Usage: fingerprint [WORK [SHARED ...]]
WORK, the learner's folder, and all below it are left out; it may be empty. In the folders SHARED, which
other containers have too, only the own user's files are facts.
"""

import json
import sys
import time
from collections.abc import Sequence

from services.fingerprint import Facts
from services.fingerprint.files import read_files
from services.fingerprint.ipc import read_ipc
from services.fingerprint.limits import read_limits
from services.fingerprint.network import read_network
from services.fingerprint.processes import read_environment, read_processes
from services.fingerprint.sockets import read_sockets

READINGS = 20
PAUSE_S = 0.05


def read_facts(left_out: str, shared: Sequence[str]) -> dict[str, Facts]:
    """Return all facts, by kind."""
    return {
        "process": read_processes(),
        "variable": read_environment(),
        "socket": read_sockets(),
        "ipc": read_ipc(),
        "network": read_network(),
        "limit": read_limits(),
        "file": read_files(left_out=left_out, shared=shared),
    }


def settled_facts(left_out: str = "", *shared: str) -> dict[str, Facts]:
    """Return the facts once they stay the same: a child that serves one connection is none."""
    before: dict[str, Facts] = {}
    facts = read_facts(left_out, shared)
    for _ in range(READINGS):
        if facts == before:
            break
        time.sleep(PAUSE_S)
        before, facts = facts, read_facts(left_out, shared)
    return facts


if __name__ == "__main__":
    print(json.dumps(settled_facts(*sys.argv[1:])))
