"""labctl work on a real Engine: a learner's home comes back as it was, and is never lost."""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crafted_snapshot import ATTACKS, craft_snapshot
from tests.integration.labs import RunningLab, kill_at_event, labctl, labctl_json, sweep
from tests.run_names import own

LAB, OTHER = own("worka"), own("workb")
HOME = "/home/student"

# Whatever a file system allows, in names, modes, owners, times, links and sizes.
VANDAL = r"""
import os, socket
os.chdir("/home/student")
os.chmod(".", 0o2750)
names = ["-rf", "--", " ", "new\nline", "tab\t", "ünïcödé", "\u202eright", "*?[]$(x)`", "'\"\\", "x" * 255]
for number, name in enumerate([os.fsencode(each)[:255] for each in names] + [b"\xff\xfe not UTF-8"]):
    with open(name, "wb") as file:
        file.write(name * number)
    os.utime(name, (number, number * 100_000_000))
os.makedirs("/".join(["deep" * 20] * 8))
for mode in (0o000, 0o111, 0o400, 0o777, 0o1777, 0o4755, 0o6711):
    with open(f"mode-{mode:o}", "w") as file:
        file.write("mode")
    os.chmod(f"mode-{mode:o}", mode)
    os.mkdir(f"folder-{mode:o}")
    os.chmod(f"folder-{mode:o}", mode)
for number, uid in enumerate((0, 1, 1000, 4711, 2**31 - 2)):
    open(f"of-{uid}", "w").close()
    os.chown(f"of-{uid}", uid, number)
os.makedirs("closed/in")
with open("closed/in/file", "wb") as file:
    file.write(os.urandom(5_000_000))
os.link("closed/in/file", "second name")
os.link("mode-0", "closed/second name of none may read")
os.chmod("closed", 0)
os.symlink("/etc/passwd", "to outside")
os.symlink("../" * 20, "up")
os.symlink("nowhere" * 30, "to nowhere")
os.symlink("closed", "to a folder")
os.utime("to outside", (1, 1), follow_symlinks=False)
os.link("to outside", "second name of a link", follow_symlinks=False)
os.mkfifo("pipe")
os.link("pipe", "second name of a pipe")
os.truncate(os.open("sparse", os.O_CREAT | os.O_WRONLY), 3_000_000)
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind("socket")
os.chown(".", 1000, 1000)
os.utime("closed", (1, 1_000_000_000))
os.utime(".", (1, 1_234_567_890))
"""

LISTING = r"""
import hashlib, json, os, stat
found, first = {}, {}
for folder, folders, files in os.walk("/home/student"):
    for path in [folder] + [os.path.join(folder, each) for each in files + folders]:
        about = os.lstat(path)
        kind = stat.S_IFMT(about.st_mode)
        if kind == stat.S_IFSOCK:
            continue
        facts = [about.st_mode, about.st_uid, about.st_gid, int(about.st_mtime)]
        if kind == stat.S_IFREG:
            content = hashlib.sha256(open(path, "rb").read()).hexdigest()
            facts += [about.st_nlink, first.setdefault(about.st_ino, path), content]
        if kind == stat.S_IFLNK:
            facts.append(os.readlink(path))
        found[path] = facts
print(json.dumps(found, sort_keys=True))
"""


def plain(listing: dict[str, Any]) -> dict[str, Any]:
    """Return a listing as a snapshot keeps it: all of it the learner's, nothing setuid or setgid."""
    return {path: [mode & ~0o6000, 1000, 1000, *more] for path, (mode, _, _, *more) in listing.items()}


class Lab(RunningLab):
    """A lab with one small server, and its learner's home."""

    def __init__(self, name: str) -> None:
        super().__init__(f"lab-{name}")
        self.name = name

    def up(self) -> None:
        finished = labctl("up", self.name, "--service", "hello")
        assert finished.returncode == 0, finished.stderr

    def as_root(self, program: str) -> str:
        """Run a Python program, with the rights to everybody's files, in a container with the same home."""
        said = self.engine.containers.run(
            self.container("client").image.id,
            ["-c", program],
            entrypoint="python3",
            user="0",
            network_mode="none",
            volumes={f"{self.project}_work": {"bind": HOME, "mode": "rw"}},
            remove=True,
        )
        return bytes(said).decode()

    def listing(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.as_root(LISTING))
        return found

    def empty(self) -> None:
        self.as_root(f"import subprocess; subprocess.run(['find', '{HOME}', '-mindepth', '1', '-delete'])")

    def write(self, text: str) -> None:
        assert self.shell("cat > ~/work.txt", stdin=text).returncode == 0

    def read(self) -> str:
        return self.shell("cat ~/work.txt").stdout

    def everything(self) -> list[str]:
        """Return the names of all containers of the lab, one-off ones too."""
        label = f"com.docker.compose.project={self.project}"
        return [each.name for each in self.engine.containers.list(all=True, filters={"label": label})]

    def volumes(self) -> list[str]:
        return [each.name for each in self.engine.volumes.list() if each.name.startswith(f"{self.project}_")]


@pytest.fixture
def lab() -> Iterator[Lab]:
    sweep(f"lab-{LAB}")
    lab = Lab(LAB)
    lab.up()
    yield lab
    sweep(f"lab-{LAB}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where each test's own snapshots of the lab are kept."""
    monkeypatch.setenv("LABCTL_SNAPSHOTS", str(tmp_path / "here"))
    return tmp_path / "here" / LAB


def done(*words: str) -> str:
    """Run labctl work; return what it printed."""
    finished = labctl("work", *words)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def text_in(snapshot: Path) -> str:
    """Return what work.txt is in a snapshot."""
    with tarfile.open(snapshot) as outer, tarfile.open(fileobj=outer.extractfile("home.tar.gz")) as home:
        file = home.extractfile("work/work.txt")
        assert file is not None
        return file.read().decode()


def saved_texts(folder: Path) -> list[str]:
    """Return what work.txt is in each snapshot, oldest first."""
    return [text_in(path) for path in sorted(folder.glob("*.tar"))]


def test_a_home_of_every_oddity_comes_back_as_it_was_here_and_elsewhere(
    lab: Lab, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.as_root(VANDAL)
    before = plain(lab.listing())
    assert len(before) > 40
    assert "saved" in done("save", LAB)
    [path] = folder.glob("*")
    unpack = f"tar xf {path} && sha256sum -c SHA256SUMS && tar tzf home.tar.gz > list"
    subprocess.run(unpack, shell=True, check=True, cwd=tmp_path, capture_output=True)
    lab.empty()
    lab.write("something else")
    assert "kept as" in done("restore", LAB)
    assert lab.listing() == before
    assert text_in(max(folder.glob("*.tar"))) == "something else"

    done("export", LAB, str(tmp_path / "carried"))
    monkeypatch.setenv("LABCTL_SNAPSHOTS", str(tmp_path / "another machine"))
    other = Lab(OTHER)
    sweep(other.project)
    try:
        done("restore", OTHER, str(tmp_path / "carried"))
        other.up()
        assert other.listing() == before
    finally:
        sweep(other.project)


def test_a_snapshot_that_brings_rights_is_refused_by_name_and_touches_nothing(
    lab: Lab, tmp_path: Path
) -> None:
    lab.write("precious")
    before, container = lab.listing(), lab.container("client").id
    for attack in ("setuid root's", "with capabilities", "somebody else's", "a device"):
        file = tmp_path / "crafted.tar"
        file.write_bytes(craft_snapshot(ATTACKS[attack]))
        finished = labctl("work", "restore", LAB, str(file))
        assert finished.returncode == 2, finished.stderr
        assert "'work/program'" in finished.stderr
    assert (lab.listing(), lab.container("client").id) == (before, container)


def test_a_damaged_snapshot_is_refused_in_one_line_and_touches_nothing(lab: Lab, folder: Path) -> None:
    lab.write("first")
    done("save", LAB)
    lab.write("second")
    before, container = lab.listing(), lab.container("client").id
    [path] = folder.glob("*.tar")
    octets = path.read_bytes()
    halved = octets[: len(octets) // 2]
    flipped = octets[:1000] + bytes([octets[1000] ^ 1]) + octets[1001:]
    for damaged in (halved, flipped, b"", b"hello", octets + b"\0"):
        path.write_bytes(damaged)
        for words in ([path.name.removesuffix(".tar")], [str(path)], []):
            finished = labctl("work", "restore", LAB, *words)
            assert finished.returncode == 2, finished.stderr
            assert len(finished.stderr.splitlines()) == 1, finished.stderr
    assert labctl_json("work", "list", LAB)[0]["state"] == "damaged"
    assert (lab.listing(), lab.container("client").id) == (before, container)


def test_work_is_saved_whether_the_lab_is_up_stopped_or_down(lab: Lab, folder: Path) -> None:
    assert "nothing to save" in done("save", LAB)
    lab.write("up")
    done("save", LAB)
    lab.write("stopped")
    for container in lab.containers().values():
        container.stop(timeout=0)
    done("save", LAB)
    lab.up()
    lab.write("down")
    assert labctl("down", LAB).returncode == 0
    done("save", LAB)
    assert lab.everything() == []
    assert "nothing has changed" in done("save", LAB)
    assert saved_texts(folder) == ["up", "stopped", "down"]


def test_down_saves_the_work_it_discards_and_restore_brings_it_back(lab: Lab, folder: Path) -> None:
    lab.write("precious")
    finished = labctl("down", LAB, "--discard-work")
    assert finished.returncode == 0, finished.stderr
    assert str(folder) in finished.stdout
    assert (lab.everything(), lab.volumes()) == ([], [])
    lab.up()
    assert lab.read() == ""
    done("restore", LAB)
    assert lab.read() == "precious"
    assert labctl("down", LAB, "--discard-work").returncode == 0
    assert saved_texts(folder) == ["precious"], "it is saved once, and an untouched home is not saved"


def test_labctl_killed_at_any_step_loses_nothing(lab: Lab, folder: Path) -> None:
    precious: list[str] = []

    def make_more() -> None:
        precious.append(f"precious {len(precious)}")
        lab.write(precious[-1])

    make_more()
    done("save", LAB)
    [wanted] = labctl_json("work", "list", LAB)
    for step in range(1, 4):  # the container through which the home is read: created, read, removed
        make_more()
        kill_at_event(step, lab.project, "work", "save", LAB)
        done("save", LAB)
        assert saved_texts(folder) == precious
        assert len(lab.everything()) == 2, "what the killed one left is gone"

    for step in (1, 3, 6, 9, 12):
        make_more()
        kill_at_event(step, lab.project, "work", "restore", LAB, wanted["name"])
        done("restore", LAB, wanted["name"])
        assert lab.read() == precious[0]
        assert set(saved_texts(folder)) == set(precious)

    for step in (1, 4, 7):
        lab.up()
        make_more()
        kill_at_event(step, lab.project, "down", LAB, "--discard-work")
        assert labctl("down", LAB, "--discard-work").returncode == 0
        assert set(saved_texts(folder)) == set(precious)
        assert (lab.everything(), lab.volumes()) == ([], [])
    assert {each["state"] for each in labctl_json("work", "list", LAB)} == {"ok"}
    assert [each.name for each in folder.iterdir() if each.suffix != ".tar"] == []


@pytest.mark.parametrize(
    "words",
    [
        "save nosuch",
        "restore nosuch",
        "restore nosuch latest",
        "restore nosuch /nonexistent/file",
        "restore nosuch compose.yaml",
        "export nosuch compose.yaml",
        "export nosuch /nonexistent/folder/file",
        "export nosuch file",
        "save Ana",
        "restore",
        "keep lab",
    ],
)
def test_wrong_usage_is_told_in_one_line(words: str) -> None:
    finished = labctl("work", *words.split())
    assert finished.returncode == 2, finished.stderr
    assert len(finished.stderr.splitlines()) == 1, finished.stderr
    assert finished.stderr.startswith("error: ")


@pytest.mark.parametrize("words", ["save", "list", "restore", "export"])
def test_each_has_help_with_examples(words: str) -> None:
    assert f"labctl work {words}" in done(words, "--help")


def test_a_reset_that_is_to_empty_the_home_saves_it_first(lab: Lab) -> None:
    assert lab.shell("echo mine > /home/student/file").returncode == 0
    finished = labctl("reset", lab.name, "--discard-work")
    assert finished.returncode == 0, finished.stderr
    assert lab.shell("cat /home/student/file").returncode == 1
    assert labctl("work", "restore", lab.name).returncode == 0
    assert lab.shell("cat /home/student/file").stdout == "mine\n"


def test_a_home_with_times_that_the_engine_does_not_set_comes_back(lab: Lab) -> None:
    lab.write("mine")
    lab.as_root(f"import os; os.chdir('{HOME}'); os.utime('work.txt', (-5, -5)); os.mkdir('late')")
    lab.as_root(f"import os; os.utime('{HOME}/late', (10**10, 10**10))")  # in 2286
    done("save", lab.name)
    lab.empty()
    done("restore", lab.name)
    assert lab.read() == "mine"


DOWN = """
import os
os.chdir('/home/student')
for _ in range(25):
    if not os.path.exists('x' * 200):
        os.mkdir('x' * 200)
    os.chdir('x' * 200)
"""


def test_a_home_too_deep_for_the_engine_is_refused_and_stays(lab: Lab) -> None:
    lab.as_root(f"{DOWN}open('precious', 'w').close()")
    for words in (["work", "save"], ["reset", "--discard-work"]):
        finished = labctl(*words, lab.name)
        assert finished.returncode == 1
        assert "'xxx" in finished.stderr
    assert lab.as_root(f"{DOWN}print(os.listdir())") == "['precious']\n"
    assert lab.shell("true").returncode == 0
