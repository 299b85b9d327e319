"""Run checks and print one JSON object a line, each as soon as it is known.

Usage: python3 -m services.checking TARGETS
TARGETS is a JSON list of {"service", "host", "listens": ["7/tcp"], "foreign": false, "family": "ipv6"};
without a family each connection takes what the resolver gives first.

The format, `labctl-checks/1`:
    {"format": "labctl-checks/1", "planned": [[SERVICE, CHECK], ...]}     first: what will be run
    {"result": {"service", "check", "sentence", "outcome", "expected", "got", "hint", "seconds"}}
                                                                         exactly one for each planned check
    {"done": COUNT}                                                      last: how many results there were
    {"unknown_host": HOST}                                               instead of it all: nothing was asked
`outcome` is passed, failed (the server's fault), skipped (it waits for a failed one, or cannot be
asked of this target) or broken (the checker's own fault). A run without its last line did not come to
its end. The exit code is 0 whatever the outcomes: judging them is the caller's work.

Nothing else writes to this channel: what a check or a program that it starts prints goes to standard error.
"""

import json
import multiprocessing
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait

from services.checking.registry import Check
from services.checking.runner import Result, plan_service, result_of, run_service
from services.checking.target import FAMILIES, Target

FORMAT = "labctl-checks/1"
AT_ONCE = 4  # services in parallel: most of a check is waiting, but late answers must not be ours
SILENCE_S = 300  # the longest check takes a fraction of it
FORK = multiprocessing.get_context("fork")  # the checks are loaded once, for all

Plan = tuple[Target, Sequence[Check]]


def main(argument: str) -> None:
    """Run the checks of each target, a process a service, and print results as they come."""
    channel = take_standard_output()
    targets = [_target(**fields) for fields in json.loads(argument)]
    if unknown := find_unknown_host(targets):
        write_line(channel, {"unknown_host": unknown})
        return
    plans = [(target, plan_service(target)) for target in targets]
    planned = [(target.service, each.name) for target, checks in plans for each in checks]
    write_line(channel, {"format": FORMAT, "planned": planned})
    count = 0
    for result in run_plans(plans):
        write_line(channel, {"result": result})
        count += 1
    write_line(channel, {"done": count})


def take_standard_output() -> int:
    """Return a descriptor of standard output that only we have; what others print goes to standard error."""
    sys.stdout.flush()
    channel = os.dup(1)  # closed in every program that a check starts
    os.dup2(2, 1)
    return channel


def write_line(channel: int, value: object) -> None:
    """Write a value as one line of JSON, whole."""
    rest = json.dumps(value).encode() + b"\n"
    while rest:
        rest = rest[os.write(channel, rest) :]


def find_unknown_host(targets: Sequence[Target]) -> str:
    """Return the host of a learner's own server (`foreign`) that no name server knows, or nothing."""
    for target in targets:
        try:
            if target.foreign and target.listens:
                socket.getaddrinfo(target.host, None)
        except (socket.gaierror, UnicodeError):
            return target.host
    return ""


def run_plans(plans: Sequence[Plan]) -> Iterator[Result]:
    """Yield one result for each planned check, however the processes that run them end."""
    waiting = [plan for plan in plans if plan[1]][::-1]
    running: list[_Process] = []
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            running.append(_Process(*waiting.pop()))
        ready = wait([process.results for process in running], timeout=SILENCE_S)
        for process in [each for each in running if each.results in ready or not ready]:
            if ready and (result := process.receive()) is not None:
                yield result
            else:
                running.remove(process)
                yield from process.end()


class _Process:
    """A service's checks in a process of their own, from which results come one by one."""

    def __init__(self, target: Target, checks: Sequence[Check]) -> None:
        self._target = target
        self._awaited = list(checks)
        self.results, sending = FORK.Pipe(duplex=False)
        self._process = FORK.Process(target=_run, args=(target, checks, sending), daemon=True)
        self._process.start()
        sending.close()  # the child has the only one, so that its end is seen as the channel's end

    def receive(self) -> Result | None:
        """Return the next result; None: there will be no more."""
        try:
            result: Result = self.results.recv()
        except (EOFError, OSError):
            return None
        self._awaited.pop(0)
        return result

    def end(self) -> Iterator[Result]:
        """End the process and yield a result for each check that it left without one."""
        if self._awaited:
            self._process.kill()
        self._process.join()
        got = f"the process of the checks ended before it (exit code {self._process.exitcode})"
        for each in self._awaited:
            yield result_of(self._target, each, "broken", got=got)


def _run(target: Target, checks: Sequence[Check], results: Connection) -> None:
    for result in run_service(target, checks):
        results.send(result)


def _target(service: str, host: str, listens: list[str], foreign: bool = False, family: str = "") -> Target:
    return Target(service, host, tuple(listens), FAMILIES.get(family, socket.AF_UNSPEC), foreign)


if __name__ == "__main__":
    main(sys.argv[1])
