"""Copies to and from a home as its learner, in a fresh container without a network.

The Engine's own archive calls act as root, and overwrite. Where a learner may be at work in the home, or
has put links in it, `copying` does it instead, with no more rights than the learner has.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from labctl.engine import Engine
from labctl.errors import EngineError, UnhealthyError
from labctl.features.lifecycle.ownership import read_own_state
from labctl.features.one_off import LIFETIME_S
from labctl.features.work.home import Home, find_home
from labctl.features.work.members import MAX_BYTES, MAX_ENTRIES
from labctl.model import Definition

PURPOSE = "copy"
STAGE = "stage"  # a folder at the container's top, which is in no home
TIMEOUT_S = 900.0
REPORT_BYTES = 64 << 20  # MAX_TOLD paths, each of 300 characters of at most 12 bytes, thrice
MAX_TOLD = 5_000
LIMITS = {
    "max_entries": MAX_ENTRIES,
    "max_file_bytes": 256 << 20,  # the largest file that a container of ours can write
    "max_bytes": MAX_BYTES,
    "max_path_bytes": 2000,  # of the kernel's 4095; what is above it needs some
    "max_depth": 100,
    "max_told": MAX_TOLD,
}
NO_PRIVILEGES = "no-new-privileges:true"


@dataclass(frozen=True)
class Copied:
    """What came of copying.

    Attributes:
        copied: how many files.
        there: paths that the target has already; they are as they were.
        left_out: path and reason of what is not copied.
        failed: path and reason of what could not be written.
        counts: how many there are of each of these three: of many, not all are listed.
    """

    copied: int
    there: list[str]
    left_out: list[tuple[str, str]]
    failed: list[tuple[str, str]]
    counts: dict[str, int]


@dataclass(frozen=True)
class Inside:
    """A container in which a home is, and a stage beside it."""

    engine: Engine
    home: Home
    container_id: str

    def copy(self, *, into_the_home: bool) -> Copied:
        """Copy the stage into the home, or the home to the stage.

        Raises:
            EngineError: there is too much in it, or the program did not come to its end.
        """
        ways = [f"/{STAGE}", self.home.mount.target]
        words = [*(ways if into_the_home else reversed(ways)), json.dumps(LIMITS)]
        finished = self.engine.execute(
            self.container_id,
            ["python3", "-I", "-c", _program(), *words],
            timeout_s=TIMEOUT_S,
            limit_bytes=REPORT_BYTES,
        )
        try:
            said = json.loads(finished.output) if finished.exit_code == 0 else None
        except ValueError:
            said = None
        if said is None:
            raise EngineError(
                f"the work of lab '{self.home.lab.name}' could not be copied",
                where=self.home.place,
                log=finished.output[-400:],
            )
        if not said["whole"]:
            raise EngineError(
                f"the home of lab '{self.home.lab.name}' has more than {MAX_ENTRIES} files and folders",
                where=self.home.place,
                hint="remove there what can be made again, then the same again",
            )
        there = [path for path, _ in said["there"]]
        pairs = {kind: [(path, reason) for path, reason in said[kind]] for kind in ("left_out", "failed")}
        return Copied(said["copied"], there, pairs["left_out"], pairs["failed"], said["counts"])

    @contextmanager
    def read_stage(self) -> Iterator[Iterator[bytes]]:
        """Yield the stage as a tar stream."""
        with closing(self.engine.read_folder(self.container_id, f"/{STAGE}")) as tar:
            yield tar


def find_lab_home(engine: Engine, definition: Definition, name: str) -> Home:
    """Return the home of a lab, which is there.

    Raises:
        InputError: the Compose project is no lab of ours.
        UnhealthyError: it has no home yet.
    """
    state = read_own_state(engine, definition, name)
    home = find_home(definition, name, state.settings, state.images)
    if not home.is_there(engine):
        raise UnhealthyError(f"lab '{name}' has no home yet", where=home.place, hint=f"labctl up {name}")
    if home.is_of_the_host:  # whose owner the toolbox is then
        home = replace(home, toolbox=replace(home.toolbox, user=state.settings.work_owner))
    return home


@contextmanager
def inside(
    engine: Engine, home: Home, stage: Callable[[], Iterable[bytes]], *, reads_only: bool = False
) -> Iterator[Inside]:
    """Yield a container with a home and, beside it, what a tar has; remove it at the end.

    Args:
        engine: where.
        home: the home, which must be there.
        stage: returns a tar with one folder, STAGE, that the learner may read, and write if need be.
        reads_only: nothing can be written in the home.

    Raises:
        UnhealthyError, InputError: as `Home.container` does.
    """
    service = replace(
        home.toolbox,
        mounts=(replace(home.mount, read_only=reads_only),),
        tmpfs={},
        read_only=False,  # the Engine unpacks nothing beside the mount otherwise
        cap_add=(),
        cap_drop=("ALL",),
        security_opt=tuple({*home.toolbox.security_opt, NO_PRIVILEGES}),
    )
    command = ("sleep", str(LIFETIME_S))
    with home.container(engine, service, PURPOSE, command) as container_id:
        engine.write_folder(container_id, "/", stage())
        engine.start(container_id)
        yield Inside(engine, home, container_id)


@cache
def _program() -> str:
    return Path(__file__).with_name("copying.py").read_text()
