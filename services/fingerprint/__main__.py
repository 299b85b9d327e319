"""Print the fingerprint of this container as one JSON document."""

import json
import os
import pwd
import time

from services.fingerprint import Facts
from services.fingerprint.files import read_files
from services.fingerprint.ipc import read_ipc
from services.fingerprint.network import read_network
from services.fingerprint.processes import read_environment, read_processes
from services.fingerprint.sockets import read_sockets

READINGS = 20
PAUSE_S = 0.05


def home() -> str:
    """Return this user's home: what lies there is the learner's, and no part of the fingerprint."""
    return pwd.getpwuid(os.getuid()).pw_dir


def read_facts() -> dict[str, Facts]:
    """Return all facts, by kind."""
    return {
        "process": read_processes(),
        "variable": read_environment(),
        "socket": read_sockets(),
        "ipc": read_ipc(),
        "network": read_network(),
        "file": read_files(left_out=home()),
    }


def settled_facts() -> dict[str, Facts]:
    """Return the facts once they stay the same: a child that serves one connection is none."""
    before: dict[str, Facts] = {}
    facts = read_facts()
    for _ in range(READINGS):
        if facts == before:
            break
        time.sleep(PAUSE_S)
        before, facts = facts, read_facts()
    return facts


if __name__ == "__main__":
    print(json.dumps(settled_facts()))
