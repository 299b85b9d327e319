"""Print the fingerprint of this container as one JSON document.

Usage: fingerprint [FOLDER]        FOLDER, the learner's, and all below it are left out
"""

import json
import sys
import time

from services.fingerprint import Facts
from services.fingerprint.files import read_files
from services.fingerprint.ipc import read_ipc
from services.fingerprint.network import read_network
from services.fingerprint.processes import read_environment, read_processes
from services.fingerprint.sockets import read_sockets

READINGS = 20
PAUSE_S = 0.05


def read_facts(left_out: str) -> dict[str, Facts]:
    """Return all facts, by kind."""
    return {
        "process": read_processes(),
        "variable": read_environment(),
        "socket": read_sockets(),
        "ipc": read_ipc(),
        "network": read_network(),
        "file": read_files(left_out=left_out),
    }


def settled_facts(left_out: str) -> dict[str, Facts]:
    """Return the facts once they stay the same: a child that serves one connection is none."""
    before: dict[str, Facts] = {}
    facts = read_facts(left_out)
    for _ in range(READINGS):
        if facts == before:
            break
        time.sleep(PAUSE_S)
        before, facts = facts, read_facts(left_out)
    return facts


if __name__ == "__main__":
    print(json.dumps(settled_facts(left_out="".join(sys.argv[1:2]))))
