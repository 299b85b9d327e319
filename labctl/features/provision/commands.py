"""The machine's own programs: run one, start one that stays, become root where we may."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence

from labctl.engine import Finished, Progress

# A login without `-` leaves these out, and the Engine's programs live there.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def find_program(name: str) -> str | None:
    """Return the path of a program, looked for in the system's folders too."""
    return shutil.which(name, path=search_path(os.environ))


def search_path(environ: Mapping[str, str]) -> str:
    """Return PATH with the system's folders behind it."""
    return os.pathsep.join([environ.get("PATH") or os.defpath, *SYSTEM_FOLDERS])


def may_be_root() -> bool:
    """Return whether we are root, or may become it without being asked for a password."""
    return os.geteuid() == 0 or (
        find_program("sudo") is not None and run(["sudo", "-n", "true"]).exit_code == 0
    )


def as_root(argv: Sequence[str]) -> list[str]:
    """Return the command that runs this one as root."""
    return [*argv] if os.geteuid() == 0 else ["sudo", "-n", *argv]


def run(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    worth_telling: Callable[[str], bool] = lambda line: True,
) -> Finished:
    """Run a program to its end, with nothing to read and its messages in English.

    Args:
        argv: the program and its arguments.
        environ: variables on top of ours.
        progress: called with the lines, as they come, that are `worth_telling`.
        worth_telling: whether a line of the output is for a person to see.

    Returns:
        Exit code and output, standard error included; 127 when there is no such program.
    """
    lines = []
    try:
        process = subprocess.Popen(  # noqa: S603  no shell, and no word of a stranger
            argv,
            env={**os.environ, "PATH": search_path(os.environ), "LC_ALL": "C", **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return Finished(127, str(error))
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if progress is not None and worth_telling(line):
                progress(line.strip())
    return Finished(process.returncode, "".join(lines))


def start_detached(argv: Sequence[str]) -> Callable[[], bool]:
    """Start a program that stays when we end, out of reach of our terminal's signals.

    Returns:
        A function that returns whether it still runs.
    """
    process = subprocess.Popen(  # noqa: S603  no shell, and no word of a stranger
        argv,
        cwd="/",
        env={**os.environ, "PATH": search_path(os.environ)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return lambda: process.poll() is None
