"""Which processes are alive, read from /proc: a pid file has a number, which may be another process's now."""

from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def pid_in(file: Path, program: str) -> int | None:
    """Return the process id a file holds, if that process lives and is the program."""
    try:
        pid = int(file.read_text())
    except (OSError, ValueError):
        return None
    return pid if name_of(pid) == program else None


def name_of(pid: int) -> str | None:
    """Return a living process's program name, or None. A zombie is not living."""
    try:
        name, _, rest = (PROC / str(pid) / "stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return None
    return None if rest.split()[0] in "ZX" else name


def command_lines(program: str) -> Iterator[tuple[int, list[str]]]:
    """Yield process id and arguments of every living process of a program."""
    for folder in PROC.iterdir():
        if folder.name.isdigit() and name_of(int(folder.name)) == program:
            try:
                yield int(folder.name), (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue  # it ended meanwhile
