"""A script's processes: read what it prints, within its time, and end all that it leaves behind.

A script may start others and leave them: `setsid sleep 60 &`. They hold its output open, belong to another
session, and have PID 1 for a parent. So three things are done.

- The answer is what the script wrote, and it is complete when the script itself has ended: `os.pidfd_open`
  tells that, where the end of its output would be a matter of those it has left.
- Each script's environment has a mark, which what it starts inherits.
- This server adopts orphans (PR_SET_CHILD_SUBREAPER, prctl(2)): a process that has thrown the mark away is
  found as a child of ours that we have not started.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
MARK = "LAB_SCRIPT"
ROUNDS = (
    20  # of looking for what a script has left: what starts others while it is ended is found in the next
)
PIECE_OCTETS = 64 * 1024

_lock = threading.Lock()
_running: set[int] = set()  # the scripts themselves


class TooMuchError(Exception):
    """The script has printed more than it may."""


def adopt_orphans() -> None:
    """Become the parent of whatever our scripts leave behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(script: Path, variables: dict[str, str], stdin: int, *, limit_s: float, limit_octets: int) -> bytes:
    """Run a script and return what it has printed by its end.

    Raises:
        TimeoutError: it has not ended in time.
        TooMuchError: it has printed more than `limit_octets`.
        OSError: it cannot be started.
    """
    mark = os.urandom(8).hex()
    with _lock:  # between its start and our note of it nobody is to take it for an orphan
        child = subprocess.Popen(
            [script],
            stdin=stdin,
            stdout=subprocess.PIPE,
            env=variables | {MARK: mark},
            cwd=script.parent,
            start_new_session=True,  # one signal reaches most of what it starts
        )
        _running.add(child.pid)
    try:
        return collect_output(child, limit_s, limit_octets)
    finally:
        # Its process id stays its own until we wait for it, below.
        os.killpg(child.pid, signal.SIGKILL)
        assert child.stdout is not None
        child.stdout.close()
        with _lock:
            child.wait()
            _running.discard(child.pid)
        end_what_is_left(mark)


def collect_output(child: subprocess.Popen[bytes], limit_s: float, limit_octets: int) -> bytes:
    """Return what a child prints until it ends, or closes its output.

    Raises:
        TimeoutError: it has done neither in time.
        TooMuchError: it has printed more than `limit_octets`.
    """
    assert child.stdout is not None
    deadline = time.monotonic() + limit_s
    output = bytearray()
    os.set_blocking(child.stdout.fileno(), False)
    ended = os.pidfd_open(child.pid)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            selector.register(ended, selectors.EVENT_READ)
            while True:
                left_s = deadline - time.monotonic()
                ready = {key.fd for key, _ in selector.select(max(left_s, 0))}
                if left_s <= 0:
                    raise TimeoutError
                # The order counts: what it wrote before its end is in the pipe by now.
                piece = child.stdout.read(PIECE_OCTETS) if ready else None
                output += piece or b""
                if len(output) > limit_octets:
                    raise TooMuchError
                if piece == b"" or (ended in ready and not piece):
                    return bytes(output)
    finally:
        os.close(ended)


def end_what_is_left(mark: str) -> None:
    """End every process that carries a script's mark, and every orphan of ours that carries none."""
    for _ in range(ROUNDS):
        left = [
            each
            for each in Path("/proc").iterdir()
            if each.name.isdigit() and _end_if_left(int(each.name), mark)
        ]
        if not left:
            return
        time.sleep(0.01)


def _end_if_left(pid: int, mark: str) -> bool:
    """End a process if it has been left by this script, or by one that is unknown; return whether it was."""
    if not _is_left(pid, mark):
        return False
    with _lock:  # what looked like an orphan may be a script that was just being started
        if pid in _running or not _is_left(pid, mark):
            return False
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, os.WNOHANG)  # if it is an orphan of ours, by now or in the next round
        except (ProcessLookupError, PermissionError, ChildProcessError):
            pass
        return True


def _is_left(pid: int, mark: str) -> bool:
    """Return whether a process carries this mark, or is an orphan that carries none."""
    folder = Path("/proc", str(pid))
    try:
        state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
        # One that has ended and waits for its parent has no environment any more.
        environment = [] if state == "Z" else (folder / "environ").read_bytes().split(b"\0")
    except PermissionError:  # one that hides
        environment = []
    except OSError:
        return False  # it has just ended
    marks = [each for each in environment if each.startswith(MARK.encode() + b"=")]
    return f"{MARK}={mark}".encode() in marks or (int(parent) == os.getpid() and not marks)
