"""`work hand-out` and `work collect` as they are typed, over the fake Engine."""

import csv
import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl import cancellation
from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.engine import ContainerSpec
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.up import bring_up
from labctl.features.work.collection_folder import (
    UNFINISHED_COLLECTION,
    CollectionFolder,
    collection_folder,
)
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import SKELETON, FakeEngine

HOMES = {lab: f"lab-{lab}_work" for lab in ("ana", "ben")}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here/class.csv").write_text("name,group\nana,monday\nben,\n")
    return tmp_path / "here"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An Engine with the labs of the class."""
    engine = FakeEngine()
    for lab in HOMES:
        bring_up(engine, definition(), lab, progress=lambda _step: None)
    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    return engine


@pytest.fixture
def starter(here: Path) -> Path:
    (here / "starter/week1").mkdir(parents=True)
    (here / "starter/week1/task.py").write_bytes(b"starter")
    return here / "starter"


def hand_out(*more: str) -> int:
    return main(["work", "hand-out", "starter", "--roster", "class.csv", *more])


def collect(*more: str) -> int:
    return main(["work", "collect", "out", "--roster", "class.csv", *more])


def one_offs(engine: FakeEngine) -> list[str]:
    return [each.name for each in engine.containers({"com.docker.compose.oneoff": "True"})]


def created_specs(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> list[ContainerSpec]:
    """Return the list of what containers are made from, from now on."""
    specs: list[ContainerSpec] = []
    real = engine.create

    def create(spec: ContainerSpec) -> str:
        specs.append(spec)
        return real(spec)

    monkeypatch.setattr(engine, "create", create)
    return specs


def test_every_home_gets_the_files_and_keeps_its_own(
    engine: FakeEngine, starter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.files[HOMES["ben"]]["week1/task.py"] = b"ben's own"
    assert hand_out() == 0
    assert engine.files[HOMES["ana"]]["week1/task.py"] == b"starter"
    assert engine.files[HOMES["ben"]]["week1/task.py"] == b"ben's own"
    assert capsys.readouterr().out.splitlines() == [
        "ana: 1 new file",
        "ben: 0 new files; 1 there already, kept as they are: week1/task.py",
    ]
    assert not one_offs(engine)


def test_a_hand_out_is_told_as_data(
    engine: FakeEngine, starter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hand_out("--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {"lab": lab, "created": 1, "kept": [], "kept_count": 0} for lab in HOMES
    ]


def test_a_home_is_reached_without_network_and_rights(
    engine: FakeEngine, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = created_specs(engine, monkeypatch)
    assert hand_out() == 0
    assert collect() == 0
    assert {(each.network, each.service.cap_drop, each.service.cap_add) for each in specs} == {
        ("none", ("ALL",), ())
    }
    assert all("no-new-privileges:true" in each.service.security_opt for each in specs)
    assert [each.service.mounts[0].read_only for each in specs] == [False, False, True, True]


@pytest.mark.parametrize("verb", [hand_out, collect])
def test_one_lab_that_fails_stops_no_other(
    verb: Callable[..., int],
    engine: FakeEngine,
    here: Path,
    starter: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (here / "class.csv").open("a") as roster:
        roster.write("nobody,\n")
    assert verb("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["lab"] for each in told] == ["ana", "ben", "nobody"]
    assert told[2]["error"] == "lab 'nobody' has no home yet"
    assert told[2]["try"] == "labctl up nobody"
    assert not (here / "out/nobody").exists()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: (path / "link").symlink_to("week1"), "there is: link (link) (try: a copy without"),
        (lambda path: os.mkfifo(path / "week1/pipe"), "there is: week1/pipe (no file)"),
        (lambda path: os.truncate(path / "week1/task.py", 300 << 20), "week1/task.py is larger than 256 MiB"),
        (lambda path: path.rename("other"), "cannot be handed out: No such file or directory"),
        (lambda path: (path.rename("other"), path.touch()), "cannot be handed out: is no folder"),
        (lambda path: (path.rename("other"), path.mkdir()), "there is nothing in it to hand out"),
    ],
)
def test_a_folder_that_cannot_be_handed_out_touches_no_lab(
    engine: FakeEngine,
    starter: Path,
    make: Callable[[Path], object],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(starter)
    steps = list(engine.steps)
    assert hand_out() == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert engine.steps == steps


def test_what_is_collected_is_listed_with_its_digest(
    engine: FakeEngine, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.files[HOMES["ana"]] = {"a/work.py": b"ana's", "=1+1": b"", "esc\x1b": b"x"}
    assert collect() == 0
    assert (here / "out/ana/a/work.py").read_bytes() == b"ana's"
    assert (here / "out/ben/.profile").read_bytes() == SKELETON[".profile"]
    said = json.loads((here / "out/manifest.json").read_text())
    ana, ben = said["labs"]
    assert (ana["lab"], ana["group"], ben["lab"]) == ("ana", "monday", "ben")
    files = {each["path"]: each for each in ana["files"]}
    assert files["a/work.py"]["file"] == "ana/a/work.py"
    assert files["a/work.py"]["size"] == 5
    assert files["a/work.py"]["sha256"] == hashlib.sha256(b"ana's").hexdigest()
    assert files["esc\\x1b"]["file"] == "ana/esc_"
    for each in files.values():
        assert (here / "out" / each["file"]).stat().st_mode & 0o777 == 0o644
    with (here / "out/manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [(each["lab"], each["path"]) for each in rows][:3] == [
        *(("ana", "'=1+1"), ("ana", "a/work.py"), ("ana", "esc\\x1b"))
    ]
    assert capsys.readouterr().out.splitlines()[:2] == ["ana: 3 files, 0.0 MiB", "ben: 1 files, 0.0 MiB"]
    assert not one_offs(engine)


def test_persons_stand_in_the_manifest(engine: FakeEngine, here: Path) -> None:
    (here / "class.csv").write_text("First name,Surname,Email address\n=Ana,Müller,ana@example.org\n")
    assert collect() == 0
    (lab,) = json.loads((here / "out/manifest.json").read_text())["labs"]
    assert (lab["lab"], lab["person"]) == ("ana", "=Ana Müller")
    assert ",'=Ana Müller," in (here / "out/manifest.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["ana", "manifest.json", "manifest.csv"])
def test_nothing_that_was_collected_is_overwritten(
    engine: FakeEngine, here: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "out").mkdir()
    (here / "out" / name).write_text("earlier")
    (here / "out/notes").write_text("the instructor's")
    steps = list(engine.steps)
    assert collect() == 2
    assert f"there is '{name}' already" in capsys.readouterr().err
    assert (here / "out" / name).read_text() == "earlier"
    assert engine.steps == steps


def test_a_lab_that_is_collected_later_goes_beside_other_files(engine: FakeEngine, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out/notes").write_text("the instructor's")
    assert collect() == 0
    assert {each.name for each in (here / "out").iterdir()} == {
        *("notes", "ana", "ben", "manifest.json", "manifest.csv")
    }


def test_where_all_labs_fail_nothing_is_left(engine: FakeEngine, here: Path) -> None:
    (here / "class.csv").write_text("name\nnobody\n")
    assert collect() == 1
    assert not (here / "out").exists()


def test_a_home_that_cannot_be_read_whole_leaves_no_half_folder(
    engine: FakeEngine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.cut_off = 1
    assert collect() == 1
    left = {each.name for each in (here / "out").iterdir()} - {"manifest.json", "manifest.csv"}
    (failed,) = json.loads((here / "out/manifest.json").read_text())["failed"]
    assert left == {*HOMES} - {failed["lab"]}
    assert "could not be read whole" in failed["error"]


def test_what_a_killed_collect_left_goes_and_what_one_fills_stays(engine: FakeEngine, here: Path) -> None:
    for name in ("left", "filled"):
        (here / f"out/{UNFINISHED_COLLECTION}{name}/in").mkdir(parents=True)
    filled = os.open(here / f"out/{UNFINISHED_COLLECTION}filled", os.O_RDONLY)
    fcntl.flock(filled, fcntl.LOCK_EX)
    assert collect() == 0
    os.close(filled)
    assert [each.name for each in (here / "out").glob(".*")] == [f"{UNFINISHED_COLLECTION}filled"]


def test_an_interrupted_collection_leaves_nothing_and_the_same_again_does_it_all(
    engine: FakeEngine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(folder: CollectionFolder, name: str, content: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(CollectionFolder, "write", interrupt)
        assert collect() == 130
    assert not (here / "out").exists()
    monkeypatch.setattr(cancellation, "_cancelled", threading.Event())
    assert collect() == 0
    assert (here / "out/ana/.profile").exists()


def test_a_folder_in_use_by_a_thread_that_clears_up_is_waited_for(here: Path) -> None:
    reached, interrupted = threading.Event(), threading.Event()
    found = []

    def work(collection: CollectionFolder) -> None:
        with collection.in_use() as descriptor:
            os.mkdir("ana", dir_fd=descriptor)
            reached.set()
            interrupted.wait()
            found.append([each.name for each in os.scandir(descriptor)])

    with pytest.raises(KeyboardInterrupt), collection_folder(here / "out", ["ana"]) as collection:
        threading.Thread(target=work, args=[collection]).start()
        reached.wait()
        threading.Timer(0.05, interrupted.set).start()
        raise KeyboardInterrupt
    assert found == [["ana"]]
    assert not (here / "out").exists()


def test_what_appears_in_the_folder_meanwhile_stays(here: Path) -> None:
    with (
        pytest.raises(InputError, match="there is 'ana' already"),
        collection_folder(here / "out", ["ana"]) as collection,
    ):
        collection.write("ana", b"new")
        (here / "out/ana").write_text("somebody's")
    assert [each.name for each in (here / "out").iterdir()] == ["ana"]
    assert (here / "out/ana").read_text() == "somebody's"


def test_too_many_files_in_a_home_are_told_and_nothing_is_kept(
    engine: FakeEngine, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.features.work import inside

    monkeypatch.setitem(inside.LIMITS, "max_entries", 2)
    engine.files[HOMES["ana"]] = {str(number): b"" for number in range(3)}
    assert collect() == 1
    assert "the home of lab 'ana' has more than" in capsys.readouterr().err
    assert not (here / "out/ana").exists()
    assert (here / "out/ben").exists()


@pytest.mark.parametrize("verb", [hand_out, collect])
def test_a_toolbox_without_the_program_is_told(
    verb: Callable[..., int],
    engine: FakeEngine,
    here: Path,
    starter: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise EngineError("the Engine could not run python3", log="executable file not found in $PATH")

    monkeypatch.setattr(engine, "execute", refuse)
    assert verb() == 1
    assert "executable file not found" in capsys.readouterr().err
    assert not (here / "out").exists()
    assert not one_offs(engine)


def test_a_home_of_the_host_is_reached_as_its_owner(
    engine: FakeEngine, here: Path, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LabSettings(work="/srv/ana", work_owner="7:8")
    bring_up(engine, definition(), "ana", progress=lambda _step: None, settings=settings, change_home=True)
    specs = created_specs(engine, monkeypatch)
    assert main(["work", "hand-out", "starter", "ana"]) == 0
    assert [each.service.user for each in specs] == ["7:8"]
    assert engine.files["/srv/ana"] == {"week1/task.py": b"starter"}


@pytest.mark.parametrize("verb", ["hand-out", "collect"])
def test_a_home_that_has_become_a_link_is_not_followed(
    verb: str, engine: FakeEngine, here: Path, starter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = LabSettings(work=str(here / "home"), work_owner="7:8")
    bring_up(engine, definition(), "ana", progress=lambda _step: None, settings=settings, change_home=True)
    (here / "home").symlink_to("/etc")
    assert main(["work", verb, "starter" if verb == "hand-out" else "out", "ana"]) == 2
    assert "the home of lab 'ana' has become a symbolic link" in capsys.readouterr().err
    assert not (here / "out").exists()


def test_a_home_elsewhere_than_the_roster_says_is_told(
    engine: FakeEngine, here: Path, starter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "class.csv").write_text("name,work\nana,homes/ana\n")
    assert hand_out() == 1
    assert "the home of lab 'ana' is volume lab-ana_work, and the roster says" in capsys.readouterr().err
    assert engine.files[HOMES["ana"]] == SKELETON
