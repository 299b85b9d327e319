"""A random walk over all that moves, keeps or replaces a home: the work is always where labctl says.

A file is in each home, marked anew now and then. After each step it is where `status` says that the home
is, or in the snapshot that the step's last message named.

    LABCTL_WALK_STEPS=200 LABCTL_WALK_SEED=7 .venv/bin/pytest tests/integration/test_home_walk.py
"""

import io
import itertools
import json
import os
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.labs import Finished, RunningLab, labctl, labctl_json, sweep
from tests.run_names import own

LAB = own("walked")
VOLUME = f"volume lab-{LAB}_work"
STEPS = int(os.environ.get("LABCTL_WALK_STEPS", "24"))
SEED = int(os.environ.get("LABCTL_WALK_SEED", "2026"))
MARK = "mark.txt"
USER = 12345  # owns the folders of the host


class Walk:
    """One lab, the homes it may have, and what is written in each."""

    def __init__(self, folder: Path) -> None:
        self.chance = random.Random(SEED)
        self.lab = RunningLab(f"lab-{LAB}")
        self.numbers = itertools.count()
        self.folders = [folder / "homes" / "one", folder / "homes" / "two"]
        for each in self.folders:
            each.mkdir(parents=True)
            os.chown(each, USER, USER)
        self.rosters = [folder / "one.yaml", folder / "two.yaml", folder / "none.yaml"]
        for roster, home in zip(self.rosters, [*self.folders, None], strict=True):
            work = f", work: {home}" if home else ""
            roster.write_text(f"labs: [{{name: {LAB}, services: [hello]{work}}}]\n")
        self.exported = folder / "exported.tar"
        self.expected: dict[str, str] = {}  # by place: the mark that is to be found there
        self.told: list[str] = []

    def run(self, *words: str) -> Finished:
        """Run labctl; it never fails without a reason that a user understands."""
        finished = labctl(*words)
        self.told.append(f"{' '.join(words)} -> {finished.returncode} {finished.stderr[-300:]}")
        assert finished.returncode in (0, 1, 2), self.told
        return finished

    @property
    def place(self) -> str:
        """Where `status` says that the home is; empty when there is none."""
        [status] = labctl_json("status", LAB)
        return str(status.get("home", ""))

    @property
    def is_up(self) -> bool:
        return "client" in self.lab.containers()

    def up(self) -> None:
        """Bring it up, with or without a folder or a roster; a refusal changes nothing."""
        words = self.chance.choice(
            [
                [],
                ["--work", str(self.chance.choice(self.folders))],
                ["--roster", str(self.chance.choice(self.rosters))],
            ]
        )
        moved = ["--change-home"] if self.chance.random() < 0.4 else []
        before = self.place
        lab = [] if "--roster" in words else [LAB, "--service", "hello"]
        finished = self.run("up", *lab, *words, *moved)
        if finished.returncode:
            assert before in finished.stderr, self.told
            assert self.place == before, self.told
        if before and not moved and before in self.expected:
            assert self.place == before, self.told

    def write(self) -> None:
        """Write a new mark in the home, as the learner."""
        if self.is_up:
            mark = f"mark {next(self.numbers)}"
            self.told.append(f"{mark} in {self.place}")
            assert self.lab.shell(f"cat > ~/{MARK}", stdin=mark).returncode == 0, self.told
            self.expected[self.place] = mark

    def down(self) -> None:
        """Take it down."""
        assert self.run("down", LAB).returncode == 0, self.told

    def discard(self) -> None:
        """Take it down with its work: what was in the lab's own volume is in a snapshot that is named."""
        finished = self.run("down", LAB, "--discard-work", "--json")
        assert finished.returncode == 0, self.told
        [report] = json.loads(finished.stdout)
        mark = self.expected.pop(VOLUME, None)
        if mark is not None:
            assert read_mark(report["saved"]) == mark, self.told

    def reset(self) -> None:
        """Reset it, one way or the other."""
        self.run("reset", LAB, *self.chance.choice(([], ["--hard"], ["--service", "client"])))

    def save(self) -> None:
        """Save its work; the snapshot that is named has the mark."""
        place, there = self.place, self.expected.get(self.place)
        words = self.chance.choice([[LAB], ["--roster", str(self.chance.choice(self.rosters))]])
        finished = self.run("work", "save", *words, "--json")
        if finished.returncode:
            assert "--roster" in words or there is None, self.told
            assert place in finished.stderr or there is None, self.told
        elif there is not None:
            [report] = json.loads(finished.stdout)
            assert read_mark(report["path"]) == there, self.told

    def restore(self) -> None:
        """Put a snapshot in the home's place: what was there is in the snapshot that is named."""
        place, source = self.place, self.chance.choice([[], [str(self.exported)]])
        before = self.expected.get(place)
        finished = self.run("work", "restore", LAB, *source, "--json")
        if finished.returncode:
            return
        assert place in ("", VOLUME), self.told  # a folder of the host is not emptied
        report = json.loads(finished.stdout)
        if before is not None:
            assert read_mark(report["before"]["path"]) == before, self.told
        restored = read_mark(report["path"])
        self.expected.pop(VOLUME, None)
        if restored:
            self.expected[VOLUME] = restored

    def export(self) -> None:
        """Write its work to a file."""
        there = self.expected.get(self.place)
        finished = self.run("work", "export", LAB, str(self.exported), "--force")
        if there is not None:
            assert finished.returncode == 0, self.told
            assert read_mark(self.exported) == there, self.told

    def look(self) -> None:
        """Find every mark at its place."""
        for place, mark in self.expected.items():
            assert self.read(place) == mark, f"{place}\n" + "\n".join(self.told)

    def read(self, place: str) -> str:
        kind, _, name = place.partition(" ")
        if kind == "folder":
            return (Path(name) / MARK).read_text()
        container = self.lab.engine.containers.create("labctl/client", volumes={name: {"bind": "/looked-at"}})
        try:
            pieces, _ = container.get_archive(f"/looked-at/{MARK}")
            with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
                file = tar.extractfile(MARK)
                return file.read().decode() if file else ""
        finally:
            container.remove()


def read_mark(snapshot: Any) -> str:
    """Return the mark in a snapshot; empty when there is none."""
    with tarfile.open(snapshot) as outer, tarfile.open(fileobj=outer.extractfile("home.tar.gz")) as home:
        names = [each for each in home.getnames() if each.endswith(f"/{MARK}")]
        file = home.extractfile(names[0]) if names else None
        return file.read().decode() if file else ""


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    monkeypatch.setenv("LABCTL_SNAPSHOTS", str(tmp_path / "snapshots"))
    sweep(f"lab-{LAB}")
    yield Walk(tmp_path)
    sweep(f"lab-{LAB}")


def test_the_work_is_always_where_labctl_says(walk: Walk) -> None:
    steps = [walk.up, walk.up, walk.up, walk.write, walk.write, walk.write, walk.down, walk.discard]
    steps += [walk.reset, walk.save, walk.restore, walk.export]
    walk.up()
    for _ in range(STEPS):
        walk.chance.choice(steps)()
        walk.look()
    assert len(walk.told) > STEPS / 2
