"""PID 1 of every lab container: starts the server, reaps orphans, and puts the container back to pristine.

Usage: python3 -s -P -m services.init COMMAND [ARG ...]     (the image's entry point; COMMAND is Compose's)

SIGTERM and SIGINT stop the server. SIGHUP resets, without leaving the container: every other process
is killed, every writable place emptied, the server started again. A reset says so in the log, which
is how labctl knows that the server that answers is the new one; so does one that cannot be.

Most of the time a Python server takes to start goes into imports. So PID 1 imports the server's module
once, and each start is a fork of PID 1: a reset costs some milliseconds, and what both have in memory
they share. A server's module must therefore do nothing when it is imported (each has its main guard).

LAB_WRITABLE names the places to empty, separated by blanks; LAB_SHARED those besides that other
containers have too, where what is others' stays. What stays anywhere else makes PID 1 refuse.
"""

import contextlib
import gc
import importlib
import os
import resource
import signal
import sys
import time

TYPE_CHECKING = False  # what `typing` says; it would be half a MiB in each container
if TYPE_CHECKING:
    from typing import NoReturn

AWAITED = {signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
GRACE_S = 0.8  # for a server to leave by itself
PLACES = os.environ.get("LAB_WRITABLE", "/tmp /dev/shm /dev/mqueue").split()
SHARED = os.environ.get("LAB_SHARED", "").split()
SYSTEM_V_TABLES = ("/proc/sysvipc/msg", "/proc/sysvipc/sem", "/proc/sysvipc/shm")
LIMITS = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
USER_TABLES = "/var/lib/extrausers"  # the toolbox's image alone has it (services/learner.py)
PAUSE_S = 0.001


def module_of(command: list[str]) -> str | None:
    """Return the server's module when the command is `python3 -m services.NAME.server`, else None."""
    match command:
        case ["python3", "-m", module, *_] if module.startswith("services.") and module.endswith(".server"):
            return module
    return None


def start(command: list[str], module: str | None) -> int:
    """Start the server in a process of its own and return its id."""
    if (child := os.fork()) == 0:
        become_server(command, module)
    return child


def become_server(command: list[str], module: str | None) -> "NoReturn":
    """Be the server, until its end."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
    if module is None:
        try:
            os.execvp(command[0], command)
        except OSError as error:
            sys.exit(f"init: {command[0]}: {error.strerror}")
    import runpy  # PID 1 has it already when there is a module

    sys.argv = command[2:]
    del sys.modules[module]  # it is run as __main__ now, as `python3 -m` would
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit()


def stop(server: int) -> "NoReturn":
    """Let the server leave, and leave; when PID 1 goes, the kernel ends all the rest."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(server, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while reap(server) is None and (left_s := deadline - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, left_s)
    sys.exit(128 + signal.SIGTERM)


def reap(server: int) -> int | None:
    """Take leave of all children that have ended; return the server's exit code if it is among them."""
    code = None
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == server:
                code = os.waitstatus_to_exitcode(ended[1])
    return code


def end_all_others() -> None:
    """Kill every process of this container but us, and wait until all are gone.

    From PID 1, -1 reaches them all. It needs no fork, so it works at the process limit as well.
    """
    with contextlib.suppress(ProcessLookupError):  # there is none left
        os.kill(-1, signal.SIGKILL)
        while True:
            reap(0)
            os.kill(-1, 0)
            time.sleep(PAUSE_S)  # a process that `docker exec` started is not ours to reap


def empty_writable_places() -> str:
    """Remove files and System V objects; where there is nothing, as mostly, no process is started.

    Each user removes what is its own. A folder that is closed is opened first. `find` goes as deep as
    any tree.

    Returns:
        Why that was not possible; empty when it was.
    """
    try:
        empty_folders()
        empty_tables()
    except OSError as error:
        return f"places could not be emptied: {error.strerror}"
    left = next(filter(has_entries, PLACES), None) or next(filter(has_objects, SYSTEM_V_TABLES), None)
    return f"{left} could not be emptied" if left else ""


def empty_folders() -> None:
    """Remove all files of ours in the writable places."""
    places = PLACES + SHARED
    if any(map(has_entries, places)):
        own = [*places, "-xdev", "-mindepth", "1", "-uid", str(os.geteuid())]
        run("find", *own, "-type", "d", "!", "-perm", "-700", "-exec", "chmod", "u+rwx", "{}", ";")
        run("find", *own, "-delete")


def empty_tables() -> None:
    """Remove all System V queues, semaphores and shared memory."""
    if any(map(has_objects, SYSTEM_V_TABLES)):
        run("ipcrm", "--all")


def has_entries(place: str) -> bool:
    """Return whether anything but a mount point is in a folder, as far as we may know."""
    try:
        device = os.lstat(place).st_dev
        with os.scandir(place) as entries:
            return any(each.stat(follow_symlinks=False).st_dev == device for each in entries)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def has_objects(table: str) -> bool:
    """Return whether there is anything in a table below its heading."""
    return len(read_lines(table)) > 1


def read_lines(path: str) -> list[str]:
    """Return a file's lines; none when it cannot be read."""
    with contextlib.suppress(OSError), open(path) as file:  # noqa: PTH123 (pathlib costs memory here)
        return file.readlines()
    return []


def run(*words: str) -> None:
    """Run a program to its end; what it has to say is not for the server's log.

    Raises:
        OSError: it could not be started, or was killed before its end.
    """
    quiet = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_WRONLY, 0) for descriptor in (1, 2)]
    _, status = os.waitpid(os.posix_spawnp(words[0], words, os.environ, file_actions=quiet), 0)
    if os.WIFSIGNALED(status):
        raise ChildProcessError(0, f"{words[0]} was killed")


def standing() -> list[object]:
    """Return what another process of this user can lower for PID 1, and nobody here can raise again."""
    return [
        *(resource.getrlimit(limit) for limit in LIMITS),
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getscheduler(0),
        os.sched_getaffinity(0),
        read_lines("/proc/self/oom_score_adj"),
    ]


def welcome() -> None:
    """Where learners work, see to a name for the user and the usual files in a new home.

    A process is started only when something is missing; what it cannot do, the learner goes without.
    """
    if not os.path.isdir(USER_TABLES):  # noqa: PTH112 (pathlib costs memory here)
        return
    with contextlib.suppress(OSError):
        if not has_name() or not os.listdir(os.environ.get("HOME", "/")):  # noqa: PTH208
            run(sys.executable, "-s", "-P", "-m", "services.learner")


def has_name() -> bool:
    """Return whether this user stands in a table of users."""
    import pwd  # only a toolbox needs it

    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return True


def answer(words: str) -> None:
    """Say something in a line of its own, whatever others wrote to the log and did not finish."""
    os.write(sys.stdout.fileno(), f"\ninit: {words}\n".encode())  # at once: nothing comes between


def main(command: list[str]) -> "NoReturn":
    """Be PID 1."""
    if not command:
        sys.exit("init: no command given")
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    at_first = standing()
    module = module_of(command)
    if module is not None:
        importlib.import_module("runpy")
        importlib.import_module(module)
        gc.collect()
        gc.freeze()  # what is here now stays shared with every server
    welcome()
    server = start(command, module)
    while True:
        match signal.sigwait(AWAITED):
            case signal.SIGHUP:
                end_all_others()
                refusal = empty_writable_places()
                welcome()
                server = start(command, module)
                if standing() != at_first:
                    refusal = "limits or priority of PID 1 were lowered"
                answer(f"not reset: {refusal}" if refusal else "reset")
            case signal.SIGCHLD:
                if (code := reap(server)) is not None:
                    sys.exit(code if code >= 0 else 128 - code)
            case _:
                stop(server)


if __name__ == "__main__":
    main(sys.argv[1:])
