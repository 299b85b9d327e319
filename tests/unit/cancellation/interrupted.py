"""labctl with a fake Engine that takes its time, as a process for a test to interrupt.

Arguments: the folder for lock files, then labctl's own. At the very end, when all threads have ended, it
prints the steps the Engine was asked for since the lab `ana` was up.
"""

import atexit
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from labctl.cancellation import ended_by
from labctl.cli import main
from labctl.cli.context import Context
from labctl.composefile import read_definition
from labctl.engine import OutputLine
from labctl.features import locking
from labctl.features.lifecycle.up import bring_up
from tests.unit.fake_engine import FakeEngine

COMPOSE_FILE = Path(__file__).parents[3] / "compose.yaml"
LONG_S = 600.0


class SlowEngine(FakeEngine):
    """A fake whose commands and folders take ten minutes, after saying so."""

    def stream(self, container_id: str, argv: Sequence[str], **limits: Any) -> Iterator[OutputLine]:
        ended = threading.Event()
        with ended_by(ended.set):
            print("slow", flush=True)
            ended.wait(LONG_S)
        yield OutputLine("{}")

    def read_folder(self, container_id: str, path: str) -> Generator[bytes, None, None]:
        ended = threading.Event()
        self.files["lab-ana_client-home"] = {"precious": b"1"}
        print("slow", flush=True)
        with ended_by(ended.set):
            ended.wait(LONG_S)
        yield from super().read_folder(container_id, path)


def run(locks: str, *arguments: str) -> None:
    """Bring lab `ana` up in a fake Engine, then run labctl."""
    locking.FOLDERS = (Path(locks), Path(locks))
    definition = read_definition(COMPOSE_FILE, {})
    engine = SlowEngine(images={each.image: f"id of {each.image}" for each in definition.services.values()})
    bring_up(engine, definition, "ana", progress=lambda step: None)
    engine.steps.clear()
    atexit.register(lambda: print("steps:", *engine.steps, sep="\n"))
    Context.engine = engine  # type: ignore[assignment,method-assign]
    sys.argv = ["labctl", "-f", str(COMPOSE_FILE), *arguments]
    main.run()


if __name__ == "__main__":
    run(*sys.argv[1:])
