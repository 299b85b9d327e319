"""labctl work hand-out and collect on a real Engine, with a learner who tries to get out of the home."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.labs import RunningLab, labctl, sweep

LAB = "handa"

HOSTILE = r"""
import os
os.chdir("/home/student")
os.symlink("/etc/passwd", "password")
os.symlink("/etc", "folder")
os.symlink("..", "up")
os.mkfifo("pipe")
open("work.py", "w").write("learner's")
open("Work.py", "w").write("twin")
open("esc\x1b]0;x\x07\n", "w").close()
open(b"\xff", "w").close()
open("closed", "w").close()
os.chmod("closed", 0)
open("program", "w").write("x")
os.chmod("program", 0o6755)
with open("sparse", "w") as file:
    os.truncate(file.fileno(), 200 << 20)
"""


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    sweep(f"lab-{LAB}")
    assert labctl("up", LAB, "--service", "hello").returncode == 0
    lab = RunningLab(f"lab-{LAB}")
    assert lab.run("python3", "-c", HOSTILE).returncode == 0
    yield lab
    sweep(f"lab-{LAB}")


def one_offs(lab: RunningLab) -> list[str]:
    labels = [f"com.docker.compose.project={lab.project}", "com.docker.compose.oneoff=True"]
    return [each.name for each in lab.engine.containers.list(all=True, filters={"label": labels})]


def test_starter_files_are_the_learners_and_take_nothings_place(lab: RunningLab, tmp_path: Path) -> None:
    starter = tmp_path / "starter"
    (starter / "folder").mkdir(parents=True)
    for name in ("work.py", "password", "folder/passwd", "new.sh"):
        (starter / name).write_text("starter")
    (starter / "new.sh").chmod(0o6755)
    finished = labctl("work", "hand-out", str(starter), LAB)
    assert finished.returncode == 0, finished.stderr
    kept = "kept as they are: folder, password, work.py"
    assert finished.stdout == f"{LAB}: 1 new file; 3 there already, {kept}\n"
    assert lab.shell("stat -c '%u:%g %a' ~/new.sh; cat ~/new.sh").stdout == "1000:1000 755\nstarter"
    assert lab.shell("cat ~/work.py; readlink ~/password ~/folder").stdout.split() == [
        *("learner's/etc/passwd", "/etc")
    ]
    assert labctl("down", LAB).returncode == 0
    finished = labctl("work", "hand-out", str(starter), LAB, "--json")
    assert json.loads(finished.stdout)[0]["created"] == 0
    assert one_offs(lab) == []


def test_work_comes_out_as_plain_files_and_nothing_else_does(lab: RunningLab, tmp_path: Path) -> None:
    out = tmp_path / "out"
    finished = labctl("work", "collect", str(out), LAB)
    assert finished.returncode == 0, finished.stderr
    [said] = json.loads((out / "manifest.json").read_text())["labs"]
    assert {each["path"]: each["reason"] for each in said["left_out"]} == {
        **dict.fromkeys(("folder", "password", "up"), "a symbolic link"),
        "pipe": "a named pipe",
        "closed": "Permission denied",
    }
    files = {each["path"]: each for each in said["files"]}
    assert {r"esc\x1b]0;x\x07\n", r"\xff", "work.py", "Work.py", "program", "sparse"} <= files.keys()
    assert len({each["file"].casefold() for each in files.values()}) == len(files)
    assert files["sparse"]["size"] == 200 << 20
    for each in files.values():
        path = out / each["file"]
        assert not path.is_symlink()
        assert path.stat().st_mode & 0o7777 == 0o644
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"]
    assert {each.name for each in out.iterdir()} == {LAB, "manifest.json", "manifest.csv"}
    assert labctl("work", "collect", str(out), LAB).returncode == 2
    assert one_offs(lab) == []
