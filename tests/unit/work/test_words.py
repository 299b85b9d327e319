"""What each refusal of the work verbs says, to the letter: what, where, the evidence, what to type next."""

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from labctl.engine import Finished
from labctl.errors import EngineError, LabError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.up import bring_up
from labctl.features.work import inside, save
from labctl.features.work.collect import collect
from labctl.features.work.collection_folder import collection_folder
from labctl.features.work.export import export, place_in
from labctl.features.work.hand_out import hand_out, packed
from labctl.features.work.home import find_home, find_home_volume, refuse_no_folder
from labctl.features.work.members import MAX_ENTRIES
from labctl.features.work.restore import find_snapshot, restore
from labctl.features.work.store import newest_first, paths_by_name, snapshots_folder
from labctl.model import Definition
from labctl.settings import USUAL, LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine
from tests.unit.work.test_work import NEW, OLD, VOLUME, quiet

HOST = LabSettings(work="/srv/it's ana", work_owner="7:7")


@pytest.fixture
def engine(snapshots: Path) -> FakeEngine:
    engine = FakeEngine()
    bring_up(engine, definition(), "ana", progress=quiet)
    engine.files[VOLUME] = dict(OLD)
    return engine


def said(work: Callable[[], object]) -> str:
    """Return what a user reads of the error that a piece of work ends with."""
    with pytest.raises(LabError) as caught:
        work()
    return caught.value.render()


def saved(engine: FakeEngine) -> Path:
    path = save.save(engine, definition(), "ana", progress=quiet).path
    assert path is not None
    return path


def homeless() -> Definition:
    """A definition whose toolbox has no home."""
    whole = definition()
    assert whole.toolbox is not None
    bare = replace(whole.toolbox, mounts=(), line=7)
    return replace(whole, services={**whole.services, bare.name: bare}, path=Path("/course/compose.yaml"))


def test_saving(engine: FakeEngine, snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(lambda: save.save(engine, definition(), "zoe", progress=quiet)) == (
        "error: volume lab-zoe_work: lab 'zoe' has no work to save (try: labctl up zoe)"
    )
    engine.cut_off = 99
    what, why, hint = said(lambda: save.save(engine, definition(), "ana", progress=quiet)).split("\n")
    assert what == "error: the work of lab 'ana' could not be read whole"
    assert why not in ("   log: ", "   log: None")  # tarfile's own words
    assert hint == "   try: end the programs that write there, then the same again"
    engine.cut_off = 0
    with monkeypatch.context() as patched:
        patched.setattr("labctl.features.work.contents.LONGEST_FOLDER_BYTES", 3)
        engine.files[VOLUME] = {"deep/x": b""}
        first, last = said(lambda: save.save(engine, definition(), "ana", progress=quiet)).split("\n   log: ")
        assert first == "error: the work of lab 'ana' cannot be saved whole"
        assert last.endswith(
            "\n   try: give that folder, or those it lies in, shorter names, then the same again"
        )
    with monkeypatch.context() as patched:
        patched.setattr("labctl.features.work.members.MAX_BYTES", 3)
        engine.files[VOLUME] = {"large": b"12345"}
        told = said(lambda: save.save(engine, definition(), "ana", progress=quiet)).split("\n")
        assert told[0] == "error: the work of lab 'ana' cannot be saved whole"
        assert told[1] == "   log: with 'work/large' it is more than 0 MiB"
        assert told[2] == "   try: remove there what can be made again, then the same again"
    shutil.rmtree(snapshots)
    snapshots.touch()
    assert said(lambda: save.save(engine, definition(), "ana", progress=quiet)) == (
        "error: snapshots cannot be written there\n"
        f" where: {snapshots}/ana\n"
        "   log: File exists\n"
        "   try: LABCTL_SNAPSHOTS=FOLDER labctl ..."
    )


def test_what_a_save_reports(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(save, "PROGRESS_BYTES", 1 << 20)
    engine.files[VOLUME] = {"large": bytes(3 << 20)}
    steps: list[str] = []
    first = save.save(engine, definition(), "ana", progress=steps.append)
    assert steps[0] == "saving the work of ana"
    assert steps[1:] == [f"read {each} MiB" for each in range(1, 1 + len(steps[1:]))]
    assert len(steps) >= 3
    assert (first.lab, first.outcome, first.expected) == ("ana", "saved", "")
    assert first.path is not None
    assert first.snapshot == first.path.name.removesuffix(".tar")
    again = save.save(engine, definition(), "ana", progress=quiet)
    assert (again.lab, again.outcome, again.snapshot, again.path) == (
        "ana",
        "same",
        first.snapshot,
        first.path,
    )
    engine.files[VOLUME] = {}
    empty = save.save(engine, definition(), "ana", progress=quiet)
    assert (empty.lab, empty.outcome, empty.snapshot, empty.path) == ("ana", "empty", "", None)
    assert (empty.contents.entries, empty.expected) == (0, first.snapshot)


def test_restoring(engine: FakeEngine, snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(lambda: find_snapshot("ana", "latest")) == (
        f"error: {snapshots}/ana: lab 'ana' has no whole snapshot (try: labctl work list ana)"
    )
    assert said(lambda: find_snapshot("ana", "nosuch")) == (
        "error: 'nosuch' is neither a snapshot of lab 'ana' nor a file (try: labctl work list ana)"
    )
    snapshot = saved(engine)
    engine.files[VOLUME] = dict(NEW)

    def refuse(*_: object) -> None:
        raise EngineError("the Engine could not write", log="full")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "write_folder", refuse)
        told = said(lambda: restore(engine, definition(), "ana", snapshot, progress=quiet))
    before = max(paths_by_name(snapshots / "ana"))
    assert told == (
        "error: the Engine could not write\n"
        "   log: full\n"
        f"   try: labctl work restore ana {before}   (what was there)"
    )
    steps: list[str] = []
    report = restore(engine, definition(), "ana", snapshot, progress=steps.append)
    assert (report.lab, report.path, report.is_up) == ("ana", snapshot, True)
    assert steps[:2] == [f"checking {snapshot.name}", "saving the work of ana"]
    assert "restoring the work of ana" in steps
    write = engine.write_folder

    def write_another(container_id: str, path: str, tar: Iterator[bytes]) -> None:
        write(container_id, path, tar)
        engine.files[VOLUME]["strange"] = b"x"

    engine.files[VOLUME] = dict(NEW)
    monkeypatch.setattr(engine, "write_folder", write_another)
    told = said(lambda: restore(engine, definition(), "ana", snapshot, progress=quiet))
    assert told.startswith("error: the home of lab 'ana' is not what the snapshot holds\n   try: labctl work")


def test_restoring_on_the_host(engine: FakeEngine) -> None:
    snapshot = saved(engine)
    bring_up(engine, definition(), "ana", progress=quiet, settings=HOST, change_home=True)
    assert said(lambda: restore(engine, definition(), "ana", snapshot, progress=quiet)) == (
        "error: /srv/it's ana: the home of lab 'ana' is a folder of this host, which is not ours to empty "
        f"(try: tar xf {snapshot}, and what of its home.tar.gz is wanted)"
    )


def test_a_lab_is_up_again_only_where_it_was_up(engine: FakeEngine) -> None:
    snapshot = saved(engine)
    take_down(engine, "ana", progress=quiet)
    assert not restore(engine, definition(), "ana", snapshot, progress=quiet).is_up
    assert engine.containers({}) == []


def test_exporting(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    for target, words in (
        ("there", "it exists already (try: --force, or another name)"),
        ("nowhere/file", "it cannot be written: No such file or directory"),
    ):
        path = tmp_path / target
        steps = list(engine.steps)
        refused = partial(export, engine, definition(), "ana", path, progress=quiet)
        assert said(refused) == f"error: {path}: {words}"
        assert engine.steps == steps  # refused before the work is saved for it
    engine.files[VOLUME] = {}
    assert said(lambda: export(engine, definition(), "ana", tmp_path / "new", progress=quiet)) == (
        "error: there is no work of lab 'ana' to export"
    )
    assert said(lambda: place_in(tmp_path / "no folder", "ana", several=True)) == (
        f"error: {tmp_path}/no folder: is no folder, and there are several labs "
        f"(try: mkdir {tmp_path}/no folder)"
    )
    assert place_in(tmp_path, "ana", several=True) == tmp_path / "ana.tar"
    assert place_in(tmp_path / "file", "ana", several=False) == tmp_path / "file"


def test_an_earlier_snapshot_is_exported_as_it_is(engine: FakeEngine, tmp_path: Path) -> None:
    first = saved(engine)
    engine.files[VOLUME] = dict(NEW)
    saved(engine)
    target = tmp_path / "it.tar"
    assert export(engine, definition(), "ana", target, progress=quiet, snapshot=first.stem) == first
    assert target.read_bytes() == first.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_home(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(lambda: find_home(homeless(), "ana", USUAL)) == (
        "error: compose.yaml:7: service 'tools' has no volume that is the learner's home "
        "(try: give it the label lab.work: PATH, and a volume mounted there)"
    )
    assert find_home_volume(homeless()) == ""
    assert find_home_volume(replace(homeless(), services={})) == ""
    assert find_home_volume(definition()) == "work"
    (link := tmp_path / "it's ana").symlink_to("elsewhere")
    hint = "(try: bring the folder back, or: labctl up ana --change-home)"
    assert said(lambda: refuse_no_folder("ana", str(link))) == (
        f"error: folder {link}: the home of lab 'ana' has become a symbolic link {hint}"
    )
    (tmp_path / "file").touch()
    assert said(lambda: refuse_no_folder("ana", str(tmp_path / "file"))) == (
        f"error: folder {tmp_path}/file: the home of lab 'ana' has become a file {hint}"
    )
    refuse_no_folder("ana", str(tmp_path))
    refuse_no_folder("ana", str(tmp_path / "nowhere"))
    bring_up(engine, definition(), "ana", progress=quiet, settings=HOST, change_home=True)
    engine.missing_folders.add(HOST.work)
    assert said(lambda: save.save(engine, definition(), "ana", progress=quiet)) == (
        "error: the home of lab 'ana' is not there\n"
        " where: folder /srv/it's ana\n"
        "   log: bind source path does not exist: /srv/it's ana\n"
        "   try: bring the folder back, or: labctl up ana --change-home"
    )
    take_down(engine, "ana", progress=quiet)
    engine.missing_folders.clear()
    monkeypatch.setattr(engine, "images", {"server": "sha256:s1"})
    assert said(lambda: save.save(engine, definition(), "ana", progress=quiet)) == (
        "error: image client is missing\n   try: labctl doctor --mend"
    )


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    (tmp_path / "it's starter").mkdir()
    return tmp_path / "it's starter"


def handed_out(engine: FakeEngine, starter: Path) -> object:
    with packed(starter) as files:
        return hand_out(engine, definition(), "ana", files, progress=quiet)


def test_handing_out(engine: FakeEngine, starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal() -> str:
        return said(lambda: handed_out(engine, starter)).removeprefix(f"error: {starter}: ")

    def limited(name: str, value: int) -> str:
        with monkeypatch.context() as patched:
            patched.setitem(inside.LIMITS, name, value)
            return refusal()

    assert refusal() == "there is nothing in it to hand out"
    (starter / "deep/er").mkdir(parents=True)
    (starter / "deep/er/task.py").write_bytes(b"12345")
    too_much = "is too much to hand out: at most {} files and folders, {} MiB, {} levels"
    entries, size, depth = (inside.LIMITS[f"max_{each}"] for each in ("entries", "bytes", "depth"))
    assert limited("max_entries", 2) == too_much.format(2, size >> 20, depth)
    assert limited("max_bytes", 4) == too_much.format(entries, 0, depth)
    assert limited("max_depth", 3) == too_much.format(entries, size >> 20, 3)
    assert limited("max_path_bytes", 14) == too_much.format(entries, size >> 20, depth)
    assert limited("max_file_bytes", 4) == "deep/er/task.py is larger than 0 MiB, the largest file of a lab"
    for name, just_enough in (
        ("entries", 3),
        ("bytes", 5),
        ("depth", 4),
        ("path_bytes", 15),
        ("file_bytes", 5),
    ):
        monkeypatch.setitem(inside.LIMITS, f"max_{name}", just_enough)
    handed_out(engine, starter)
    monkeypatch.undo()
    for number in range(7):
        (starter / f"link{number}").symlink_to("x")
    named = ", ".join(f"link{number} (link)" for number in range(5))
    hint = f"(try: a copy without links: cp -rL {starter} COPY)"
    assert refusal() == f"only files and folders are handed out, and there is: {named} and 2 more {hint}"
    for number in (5, 6):
        (starter / f"link{number}").unlink()
    assert refusal() == f"only files and folders are handed out, and there is: {named} {hint}"
    for number in range(5):
        (starter / f"link{number}").unlink()

    def closed(name: str, *words: int, **more: int) -> int:
        if name == "task.py":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(name, *words, **more)

    opened = os.open
    monkeypatch.setattr(os, "open", closed)
    assert refusal() == "deep/er/task.py cannot be read: Permission denied"


def test_what_is_handed_out(starter: Path) -> None:
    (starter / "deep").mkdir()
    (starter / "deep/run.sh").write_bytes(bytes(range(256)) * 9000)
    (starter / "deep/run.sh").chmod(0o711)
    (starter / "plain").write_bytes(b"x")
    (starter / "plain").chmod(0o4600)
    os.utime(starter / "plain", (1e9, 1e9))
    import io
    import tarfile

    with packed(starter) as files:
        assert files.files == 2
        whole = b"".join(files.tar())
        assert whole == b"".join(files.tar())
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        members = {each.name: each for each in tar}
        assert {name: (each.isdir(), each.mode) for name, each in members.items()} == {
            "stage": (True, 0o755),
            "stage/deep": (True, 0o755),
            "stage/deep/run.sh": (False, 0o755),
            "stage/plain": (False, 0o644),
        }
        assert members["stage/plain"].mtime == 1e9
        content = tar.extractfile("stage/deep/run.sh")
        assert content is not None
        assert content.read() == bytes(range(256)) * 9000


def report(**different: object) -> str:
    """Return what the program that copies prints."""
    nothing = {"whole": True, "copied": 0, "there": [], "left_out": [], "failed": []}
    counts = {"there": 0, "left_out": 0, "failed": 0}
    return json.dumps({**nothing, "counts": counts, **different})


def answered(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, exit_code: int, output: str
) -> list[object]:
    """Have the program that copies end so; return what it was called with."""
    calls: list[object] = []

    def execute(container_id: str, argv: list[str], **limits: object) -> Finished:
        calls.append((argv[:3], argv[4:6], json.loads(argv[6]), limits))
        return Finished(exit_code, output)

    monkeypatch.setattr(engine, "execute", execute)
    return calls


def test_files_that_could_not_be_written(
    engine: FakeEngine, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (starter / "a").touch()
    (starter / "b").touch()
    failed = [["a", "No space left on device"], ["b", "closed"]]
    left_out = [[f"c{number}", "its path is too long"] for number in range(5)]
    counts = {"there": 0, "left_out": 6, "failed": 2}
    calls = answered(engine, monkeypatch, 0, report(failed=failed, left_out=left_out, counts=counts))
    assert said(lambda: handed_out(engine, starter)) == (
        "error: 8 of 2 files could not be written in the home of lab 'ana'\n"
        " where: volume lab-ana_work\n"
        "   log: a: No space left on device\n"
        "   log: b: closed\n"
        "   log: c0: its path is too long\n"
        "   log: c1: its path is too long\n"
        "   log: c2: its path is too long\n"
        "   try: mend that, then the same again: what is there is not touched"
    )
    limits = {"timeout_s": 900.0, "limit_bytes": 64 << 20}
    home = definition().toolbox
    assert home is not None
    assert calls == [(["python3", "-I", "-c"], ["/stage", home.work], inside.LIMITS, limits)]
    answered(engine, monkeypatch, 0, report(left_out=[["c", "why"]], counts={**counts, "failed": 0}))
    assert said(lambda: handed_out(engine, starter)).startswith("error: 6 of 2 files could not be written")


@pytest.mark.parametrize(("exit_code", "output"), [(1, "x" * 399 + "END"), (0, "no JSON" + "x" * 400)])
def test_a_program_that_fails_in_a_home(
    exit_code: int, output: str, engine: FakeEngine, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (starter / "a").touch()
    answered(engine, monkeypatch, exit_code, output)
    assert said(lambda: handed_out(engine, starter)) == (
        "error: the work of lab 'ana' could not be copied\n"
        " where: volume lab-ana_work\n"
        f"   log: {output[-400:]}"
    )


def test_collecting(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(lab: str = "ana") -> str:
        def run() -> None:
            with collection_folder(tmp_path / "out", [lab]) as folder:
                collect(engine, definition(), lab, folder, progress=quiet)

        return said(run)

    assert refusal("zoe") == (
        "error: lab 'zoe' has no home yet\n where: volume lab-zoe_work\n   try: labctl up zoe"
    )
    engine.cut_off = 1
    what, where, why = refusal().split("\n")
    assert (what, where) == (
        "error: the work of lab 'ana' could not be read whole",
        " where: volume lab-ana_work",
    )
    assert why not in ("   log: ", "   log: None")  # tarfile's own words
    with monkeypatch.context() as patched:

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patched.setattr("labctl.features.work.collect._write", full)
        assert refusal() == (
            "error: the work of lab 'ana' could not be written here\n"
            "   log: No space left on device\n"
            "   try: df -h; df -i"
        )
    with monkeypatch.context() as patched:
        calls = answered(engine, patched, 0, report(failed=[["a", "why"], ["b", "not"]]))
        assert refusal() == (
            "error: the work of lab 'ana' could not be copied\n where: volume lab-ana_work\n   log: a: why"
        )
        home = definition().toolbox
        assert home is not None
        assert [call[1] for call in calls] == [[home.work, "/stage"]]  # type: ignore[index]
    with monkeypatch.context() as patched:
        answered(engine, patched, 0, report(whole=False))
        assert refusal() == (
            f"error: the home of lab 'ana' has more than {MAX_ENTRIES} files and folders\n"
            " where: volume lab-ana_work\n"
            "   try: remove there what can be made again, then the same again"
        )
    assert not (tmp_path / "out").exists()


def test_a_folder_to_collect_in(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        def run() -> None:
            with collection_folder(path, ["ana"]):
                pass

        return said(run)

    (tmp_path / "file").touch()
    for path, why in (
        (tmp_path / "file", "Not a directory"),
        (tmp_path / "no/where", "No such file or directory"),
    ):
        assert refusal(path) == f"error: {path}: nothing can be collected there: {why}"
    (tmp_path / "it's out/ana").mkdir(parents=True)
    told = refusal(tmp_path / "it's out")
    assert told.startswith(
        f"error: {tmp_path}/it's out: there is 'ana' already, and nothing that was collected is overwritten "
        "(try: another folder: labctl work collect '"
    )
    assert "it'\"'\"'s out-2" in told
    (tmp_path / "there").mkdir(mode=0o755)
    for name in ("new", "there"):
        with collection_folder(tmp_path / name, ["ana"]) as folder:
            folder.write("ana", b"x")
        assert stat.S_IMODE((tmp_path / name / "ana").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    with collection_folder(tmp_path / "empty", ["ana"]):
        pass
    assert not (tmp_path / "empty").exists()
    (tmp_path / "mine").mkdir()
    with collection_folder(tmp_path / "mine", ["ana"]):
        pass
    assert (tmp_path / "mine").exists()  # it was there before


def test_snapshots_that_are_listed(snapshots: Path, engine: FakeEngine) -> None:
    path = saved(engine)
    (snapshots / "ana/damaged.tar").write_bytes(b"no tar")
    (snapshots / "ana/broken.tar").symlink_to("nowhere")
    whole, damaged, broken = sorted(newest_first(snapshots / "ana"), key=lambda each: each.name)
    assert (whole.name, whole.path, whole.stored_octets) == (path.stem, path, path.stat().st_size)
    assert whole.manifest is not None
    assert (broken.name, broken.stored_octets, broken.manifest) == ("damaged", 6, None)
    assert (damaged.name, damaged.path, damaged.stored_octets) == ("broken", snapshots / "ana/broken.tar", 0)
    assert paths_by_name(snapshots / "nobody") == {}


def test_where_snapshots_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert snapshots_folder({}, "ana") == tmp_path / ".local/share/labctl/work/ana"
    assert snapshots_folder({"XDG_DATA_HOME": "relative"}, "ana") == tmp_path / ".local/share/labctl/work/ana"
    assert snapshots_folder({"XDG_DATA_HOME": "/data"}, "ana") == Path("/data/labctl/work/ana")
    monkeypatch.chdir(tmp_path)
    assert snapshots_folder({"LABCTL_SNAPSHOTS": "mine"}, "ana") == tmp_path / "mine/ana"
