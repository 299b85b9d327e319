"""Start an installed Engine, wait for one that starts, and say why it did not."""

import re
from collections.abc import Callable
from pathlib import Path

from labctl.engine import Progress
from labctl.errors import EngineUnavailableError
from labctl.features.provision.commands import as_root, run, start_detached
from labctl.features.provision.leftovers import clear, read_leftovers
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import Ping, ping
from labctl.features.provision.processes import pid_in
from labctl.waiting import wait_until

START_TIMEOUT_S = 60.0
# An Engine ends what its killed predecessor ran, ten seconds of grace included, before it answers.
PATIENCE_S = 3.0
POLL_TIMEOUT_S = 1.0  # one that comes up takes the connection before it can answer
LOG_LINES_SHOWN = 5

# The limit on open files goes from the Engine to every container: a shell's 1,024 is too few for
# a server with 500 clients, or an Engine with 400 containers.
DAEMON_SCRIPT = """
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
exec dockerd "$@" >>"$0" 2>&1
"""

# What its last words mean; the first that fits. Without the rights it needs, iptables complains too.
HINTS = (
    (
        "permission denied|not permitted|must be root",
        "use a machine whose root may mount and set up networks",
    ),
    ("no space left", "df -h /var/lib/docker"),
    ("iptables", "update-alternatives --set iptables /usr/sbin/iptables-legacy"),
    ("cgroup", "mount | grep cgroup"),
)


def start_service(paths: EnginePaths, progress: Progress) -> None:
    """Let systemd start the Engine.

    Raises:
        EngineUnavailableError: it did not come up, with the last of its log.
    """
    progress("starting the Docker Engine (systemctl start docker)")
    clear(read_leftovers(paths))
    run(as_root(["systemctl", "reset-failed", "docker.service"]))
    started = run(as_root(["systemctl", "start", "docker.service"]))
    if started.exit_code != 0 or not _wait_until_it_answers(paths, progress, lambda: True):
        journal = ["journalctl", "--unit", "docker", "--lines", "40", "--output", "cat", "--no-pager"]
        raise _did_not_start(run(as_root(journal)).output, "journalctl -u docker")


def start_daemon(paths: EnginePaths, progress: Progress) -> None:
    """Start the Engine ourselves, detached, where no service manager would.

    Raises:
        EngineUnavailableError: it did not come up, with the last of its log.
    """
    progress(f"starting the Docker Engine (dockerd; log: {paths.log})")
    clear(read_leftovers(paths))
    before = _size_bytes(paths.log)
    runs = start_detached(as_root(["sh", "-c", DAEMON_SCRIPT, str(paths.log), *paths.arguments]))
    if not _wait_until_it_answers(paths, progress, runs):
        said = _read_from(paths.log, before)
        if not runs():
            raise _did_not_start(said, f"tail -n 50 {paths.log}")
        raise _hangs(paths, said)
    run(as_root(["cp", str(paths.pid_file), str(paths.mark)]))


def wait_for_daemon(paths: EnginePaths, progress: Progress) -> None:
    """Wait for an Engine that another process has started.

    Raises:
        EngineUnavailableError: it lives and does not answer.
    """
    progress("waiting for the Docker Engine, which has been started")
    if not _wait_until_it_answers(paths, progress, lambda: True):
        raise _hangs(paths, "")


def _wait_until_it_answers(paths: EnginePaths, progress: Progress, runs: Callable[[], bool]) -> bool:
    """Return whether it answers in time; wait no longer for one that has ended."""

    def answers() -> bool:
        return ping(paths.address, POLL_TIMEOUT_S) in (Ping.RESPONDS, Ping.FORBIDDEN)

    def settled() -> bool:
        return answers() or not runs()

    if not wait_until(settled, timeout_s=PATIENCE_S):
        progress("the Docker Engine is coming up; it may have to clear up after an earlier one")
        wait_until(settled, timeout_s=START_TIMEOUT_S - PATIENCE_S)
    return answers()


def _did_not_start(log: str, hint: str) -> EngineUnavailableError:
    evidence = lines_that_matter(log)
    for pattern, mending in HINTS:
        if re.search(pattern, evidence, re.IGNORECASE):
            hint = mending
            break
    return EngineUnavailableError("the Docker Engine did not start", log=evidence, hint=hint)


def _hangs(paths: EnginePaths, log: str) -> EngineUnavailableError:
    pid = pid_in(paths.pid_file, "dockerd")
    return EngineUnavailableError(
        f"the Docker Engine runs but did not answer within {START_TIMEOUT_S:.0f} s",
        where=f"{paths.address}, process {pid or 'unknown'}",
        log=lines_that_matter(log),
        hint=f"kill -KILL {pid}   # then again; labctl itself ends no Engine" if pid else "labctl doctor",
    )


def lines_that_matter(log: str) -> str:
    """Return the last lines of an Engine's log that say what is wrong, without their dressing.

    dockerd writes `time=... level=... msg="..."`, but its last words plainly.
    """
    kept = []
    for line in filter(str.strip, log.splitlines()):
        dressed = re.match(r'time=\S+ level=(\w+) msg="?(.*?)"?$', line)
        if dressed is None:
            kept.append(line.strip())
        elif dressed[1] in ("error", "fatal"):
            kept.append(dressed[2].replace('\\"', '"'))
    return "\n".join(kept[-LOG_LINES_SHOWN:])


def _size_bytes(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _read_from(log: Path, offset: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(offset)
            return file.read().decode(errors="replace")
    except OSError:
        return ""
