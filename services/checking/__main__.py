"""Run checks and print one JSON object a line, each as soon as it is known.

Usage: python3 -m services.checking TARGETS
TARGETS is a JSON list of {"service", "host", "listens": ["7/tcp"], "foreign": false, "family": "ipv6"};
without a family each connection takes what the resolver gives first.

A line is {"service", "check", "sentence", "outcome", "expected", "got", "hint", "seconds"};
`outcome` is passed, failed (the server's fault), skipped (it waits for a failed one, or cannot be
asked of this target) or broken (the checker's own fault). The last line is {"done": COUNT}; without
it the run did not come to its end. The exit code is 0 whatever the outcomes: judging them is the
caller's work.
"""

import json
import multiprocessing
import queue
import socket
import sys

from services.checking.runner import Result, run_service
from services.checking.target import FAMILIES, Target

AT_ONCE = 4  # services side by side: most of a check is waiting, but late answers must not be ours


def main(argument: str) -> None:
    """Run the checks of each target, a process a service, and print results as they come."""
    targets = [_target(**fields) for fields in json.loads(argument)]
    waiting = targets[::-1]
    results: multiprocessing.Queue[Result | None] = multiprocessing.Queue()
    running = done = 0
    while waiting or running:
        while waiting and running < AT_ONCE:
            target = waiting.pop()
            multiprocessing.Process(target=_run, args=(target, results), daemon=True).start()
            running += 1
        try:
            result = results.get(timeout=300)
        except queue.Empty:
            sys.exit("checking: a service's checks neither ended nor said anything for 300 s")
        if result is None:
            running -= 1
        else:
            done += 1
            print(json.dumps(result), flush=True)
    print(json.dumps({"done": done}), flush=True)


def _target(service: str, host: str, listens: list[str], foreign: bool = False, family: str = "") -> Target:
    return Target(service, host, tuple(listens), FAMILIES.get(family, socket.AF_UNSPEC), foreign)


def _run(target: Target, results: "multiprocessing.Queue[Result | None]") -> None:
    try:
        for result in run_service(target):
            results.put(result)
    finally:
        results.put(None)


if __name__ == "__main__":
    main(sys.argv[1])
