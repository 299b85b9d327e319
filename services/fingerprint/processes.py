"""The processes of this container, each with its limits, and the environment that PID 1 hands down."""

import os
from pathlib import Path

from services.fingerprint import Attributes, Facts

PROC = Path("/proc")
# Fields of /proc/PID/stat (proc_pid_stat(5)) after the command's closing parenthesis, counted from 0.
STATE, PARENT, NICE, PRIORITY, POLICY = 0, 1, 16, 37, 38
# Lines of /proc/PID/status. Threads are no fact: servers have more or fewer of them as they need.
STATUS = ("Uid", "Gid", "Groups", "Umask", "SigBlk", "NoNewPrivs", "CapEff", "Cpus_allowed_list", "TracerPid")
ADJUSTABLE = ("oom_score_adj", "coredump_filter", "timerslack_ns")
OWN_NAME = "HOSTNAME"  # the Engine sets it to the container's


def parse_stat(text: str) -> tuple[str, int, Attributes]:
    """Return state, parent and scheduling from /proc/PID/stat; the command in it may hold anything."""
    fields = text.rpartition(")")[2].split()
    scheduling = {"nice": fields[NICE], "policy": fields[POLICY], "priority": fields[PRIORITY]}
    return fields[STATE], int(fields[PARENT]), scheduling


def parse_status(text: str) -> Attributes:
    """Return the lines of /proc/PID/status that a process hands down, or that another can change."""
    lines = (line.partition(":") for line in text.splitlines())
    found = {name: " ".join(value.split()) for name, _, value in lines}
    return {name: found[name] for name in STATUS if name in found}


def parse_argv(octets: bytes) -> str:
    """Return /proc/PID/cmdline as words between blanks."""
    return " ".join(os.fsdecode(octets).rstrip("\0").split("\0"))


def parse_environment(octets: bytes) -> Facts:
    """Return /proc/PID/environ as facts, but for the host name."""
    pairs = (each.partition("=") for each in os.fsdecode(octets).split("\0") if each)
    return {name: {"value": value} for name, _, value in pairs if name != OWN_NAME}


def parse_limits(text: str) -> Attributes:
    """Return soft and hard limit of each line of /proc/PID/limits; names end at a fixed column."""
    lines = text.splitlines()[1:]
    return {line[:26].strip(): " ".join(line[26:].split()[:2]) for line in lines}


def numbered(name: str, known: Facts) -> str:
    """Return the name, or with a number behind it if there is such a fact already."""
    number, chosen = 1, name
    while chosen in known:
        number += 1
        chosen = f"{name} ({number})"
    return chosen


def read_processes(proc: Path = PROC) -> Facts:
    """Return every process by its words, this one left out.

    One that ends while it is being read was none that stays; nor is one that is waiting to be reaped.
    """
    found: dict[int, tuple[str, int, Attributes]] = {}
    for pid in sorted(int(each) for each in os.listdir(proc) if each.isdecimal()):  # noqa: PTH208
        if pid == os.getpid():
            continue
        try:
            argv, parent, attributes = _read_process(proc / str(pid))
        except (FileNotFoundError, ProcessLookupError):
            continue
        if attributes["state"] != "Z":
            found[pid] = argv, parent, attributes
    facts: Facts = {}
    for argv, parent, attributes in found.values():
        attributes["parent"] = found[parent][0] if parent in found else "none"
        facts[numbered(argv, facts)] = attributes
    return facts


def _read_process(folder: Path) -> tuple[str, int, Attributes]:
    state, parent, attributes = parse_stat((folder / "stat").read_text(errors="replace"))
    # Running or waiting is chance; stopped or traced is not.
    attributes["state"] = {"R": "S", "D": "S"}.get(state, state)
    attributes |= parse_status((folder / "status").read_text(errors="replace"))
    for name in ADJUSTABLE:
        try:
            attributes[name] = (folder / name).read_text().strip()
        except (PermissionError, FileNotFoundError):  # another user's, or not in this kernel
            continue
    attributes |= parse_limits((folder / "limits").read_text())
    return parse_argv((folder / "cmdline").read_bytes()), parent, attributes


def read_environment(proc: Path = PROC) -> Facts:
    """Return the environment of PID 1, which every server inherits; nothing where it is closed to us."""
    try:
        return parse_environment((proc / "1/environ").read_bytes())
    except PermissionError:  # we run as another user, so that the learner cannot touch us
        return {}
