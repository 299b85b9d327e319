"""save, restore, discard and export over the fake Engine; above all: nothing is ever lost."""

import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labctl import labels
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab, one_off_container
from labctl.features.work import contents
from labctl.features.work.discard import DiscardReport, discard_work
from labctl.features.work.export import export
from labctl.features.work.members import read_members
from labctl.features.work.restore import RestoreReport, find_snapshot, restore
from labctl.features.work.save import SaveReport, latest, save
from labctl.features.work.snapshot import open_snapshot
from labctl.features.work.store import name_after, new_file, newest_first, snapshots_folder
from labctl.model import Mount, Volume
from labctl.replacing import UNFINISHED
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import SKELETON, Crash, FakeEngine, packed_home

VOLUME = "lab-ana_work"
OLD, NEW = {"work.py": b"old"}, {"work.py": b"new", "more": b"x" * 5000}


def quiet(_step: str) -> None:
    """Tell nobody."""


def up(engine: FakeEngine) -> None:
    bring_up(engine, definition(), "ana", progress=quiet)


def saved(engine: FakeEngine, lab: str = "ana") -> SaveReport:
    return save(engine, definition(), lab, progress=quiet)


def restored(engine: FakeEngine, words: str = "latest", lab: str = "ana") -> RestoreReport:
    return restore(engine, definition(), lab, find_snapshot(lab, words), progress=quiet)


def test_what_a_restore_or_a_discard_ends_is_named(engine: FakeEngine) -> None:
    saved(engine)
    engine.files[VOLUME] = dict(NEW)
    lab = find_running_lab(engine, definition(), "ana")
    with one_off_container(engine, lab, "run"):
        [ended] = restored(engine).ended
        assert ended.startswith("lab-ana-tools-run-")
    with one_off_container(engine, lab, "run"):
        report = discard_work(engine, definition(), "ana", progress=quiet, lab_stays=True)
        assert report is not None
        [ended] = report.ended
        assert ended.startswith("lab-ana-tools-run-")


def test_the_toolbox_comes_back_where_the_disk_is_full(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(engine)
    engine.files[VOLUME] = dict(NEW)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(engine, "write_folder", full)
    with pytest.raises(OSError, match="No space left"):
        restored(engine)
    assert len(read_state(engine, "ana").toolboxes) == 1


@pytest.fixture
def folder(snapshots: Path) -> Path:
    return snapshots / "ana"


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine()
    up(engine)
    engine.files[VOLUME] = dict(OLD)
    return engine


def kept(folder: Path) -> list[dict[str, bytes]]:
    """Return the homes of all whole snapshots, as files by name."""
    homes = []
    for stored in newest_first(folder):
        with open_snapshot(stored.path) as snapshot:
            snapshot.check_contents()
            members = read_members(snapshot.tar())
            files = {each.name: b"".join(content) for each, content in members if each.isreg()}
            homes.append({name.partition("/")[2]: octets for name, octets in files.items()})
    return homes


def test_what_is_saved_comes_back(engine: FakeEngine) -> None:
    first = saved(engine)
    engine.files[VOLUME] = dict(NEW)
    report = restored(engine)
    assert engine.files[VOLUME] == OLD
    assert report.is_up
    assert report.before is not None
    restored(engine, report.before.snapshot)
    assert engine.files[VOLUME] == NEW
    restored(engine, first.snapshot)
    assert engine.files[VOLUME] == OLD


def test_the_file_is_for_nobody_elses_eyes(engine: FakeEngine, folder: Path) -> None:
    path = saved(engine).path
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert {each.stat().st_mode & 0o777 for each in (folder, folder.parent)} == {0o700}
    assert [path] == [*folder.iterdir()]


def test_a_home_that_has_not_changed_is_not_saved_twice(engine: FakeEngine, folder: Path) -> None:
    first = saved(engine)
    assert (saved(engine).outcome, saved(engine).snapshot) == ("same", first.snapshot)
    engine.files[VOLUME] = dict(NEW)
    assert saved(engine).outcome == "saved"
    engine.files[VOLUME] = dict(OLD)
    assert saved(engine).outcome == "saved", "or else the latest would not be what was saved last"
    assert len(kept(folder)) == 3


def test_a_damaged_snapshot_is_not_relied_on(engine: FakeEngine) -> None:
    path = saved(engine).path
    assert path is not None
    path.write_bytes(path.read_bytes()[:-600] + b"x" * 600)
    assert saved(engine).outcome == "saved"


@pytest.mark.parametrize("files", [{}, SKELETON])
def test_a_home_with_nothing_of_the_learners_is_not_saved(
    engine: FakeEngine, folder: Path, files: dict[str, bytes]
) -> None:
    engine.files[VOLUME] = dict(files)
    assert saved(engine).outcome == "empty"
    assert list(folder.iterdir()) == []


def test_save_works_while_the_lab_is_down_and_starts_nothing(engine: FakeEngine) -> None:
    take_down(engine, "ana", progress=quiet)
    before = len(engine.steps)
    assert saved(engine).outcome == "saved"
    assert not [step for step in engine.steps[before:] if step.startswith("start")]
    assert engine.containers({}) == []


def test_a_killed_saves_container_goes_with_the_next_save(engine: FakeEngine) -> None:
    engine.crash_at = len(engine.steps) + 1
    with pytest.raises(Crash):
        saved(engine)
    engine.recover()
    assert read_state(engine, "ana").one_offs
    saved(engine)
    assert not read_state(engine, "ana").one_offs


def test_a_lab_in_which_nobody_works_is_taken_down_with_its_volumes(engine: FakeEngine) -> None:
    whole = definition()
    alone = replace(whole, services={"alpha": whole.services["alpha"]})
    take_down(engine, "ana", progress=quiet, discard_work_of=alone)
    assert engine.volumes({}) == []


def test_a_lab_that_never_was_has_no_work(engine: FakeEngine) -> None:
    with pytest.raises(InputError):
        saved(engine, "nosuch")
    with pytest.raises(InputError):
        restored(engine, lab="nosuch")
    assert discard_work(engine, definition(), "nosuch", progress=quiet) is None


def test_a_home_that_changes_while_it_is_read_is_read_again(engine: FakeEngine, folder: Path) -> None:
    engine.cut_off = 2
    assert saved(engine).outcome == "saved"
    engine.files[VOLUME], engine.cut_off = dict(NEW), 99
    with pytest.raises(EngineError):
        saved(engine)
    assert len([*folder.iterdir()]) == 1


def test_a_home_of_which_something_might_be_left_out_is_not_saved_and_so_not_discarded(
    engine: FakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "LONGEST_FOLDER_BYTES", -1)  # even of the home itself
    for command in (saved, lambda engine: discard_work(engine, definition(), "ana", progress=quiet)):
        with pytest.raises(EngineError, match="cannot be saved whole") as caught:
            command(engine)
        assert "shorter names" in caught.value.hint
    assert engine.files[VOLUME] == OLD
    assert list(folder.iterdir()) == []


def test_a_restore_elsewhere_needs_neither_lab_nor_home(engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "carried"
    export(engine, definition(), "ana", file, progress=quiet)
    other = FakeEngine()
    report = restored(other, str(file), "ben")
    assert (report.manifest.lab, report.before, report.is_up) == ("ana", None, False)
    assert other.files["lab-ben_work"] == OLD
    bring_up(other, definition(), "ben", progress=quiet)
    assert other.files["lab-ben_work"] == OLD


def test_a_lab_that_is_down_stays_down_over_a_restore(engine: FakeEngine) -> None:
    saved(engine)
    take_down(engine, "ana", progress=quiet)
    engine.files[VOLUME] = dict(NEW)
    assert not restored(engine).is_up
    assert engine.files[VOLUME] == OLD
    assert not read_state(engine, "ana").is_there


def test_a_damaged_snapshot_is_refused_before_anything_is_touched(engine: FakeEngine, tmp_path: Path) -> None:
    path = saved(engine).path
    assert path is not None
    octets = path.read_bytes()
    engine.files[VOLUME] = dict(NEW)
    steps = list(engine.steps)
    for damaged in (
        octets[:-1],
        octets[:600],
        b"",
        b"hello",
        packed_home(OLD),
        octets.replace(b"ana", b"bob"),
    ):
        file = tmp_path / "damaged"
        file.write_bytes(damaged)
        with pytest.raises(InputError):
            restored(engine, str(file))
    assert engine.steps == steps
    assert engine.files[VOLUME] == NEW


def test_the_engine_failing_in_a_restore_leaves_the_toolbox_up_and_the_work_saved(
    engine: FakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(engine)
    engine.files[VOLUME] = dict(NEW)

    def full(*_: object) -> None:
        raise EngineError("write", log="no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "write_folder", full)
        with pytest.raises(EngineError, match="write"):
            restored(engine)
    assert {each.state for each in read_state(engine, "ana").containers} == {"running"}
    assert NEW in kept(folder)
    restored(engine)
    assert engine.files[VOLUME] == OLD


def test_a_folder_of_the_host_is_saved_and_never_emptied(folder: Path) -> None:
    engine = FakeEngine(files={"/srv/ana": dict(OLD)})
    bring_up(
        engine, definition(), "ana", progress=quiet, settings=LabSettings(work="/srv/ana", work_owner="7:7")
    )
    assert saved(engine).outcome == "saved"
    assert kept(folder) == [OLD]
    steps = list(engine.steps)
    with pytest.raises(InputError, match="folder of this host"):
        restored(engine)
    report = discard_work(engine, definition(), "ana", progress=quiet)
    assert report == DiscardReport("kept", folder="/srv/ana")
    assert engine.steps == steps
    take_down(engine, "ana", progress=quiet, discard_work_of=definition())
    assert engine.files["/srv/ana"] == OLD


def test_a_restore_leaves_the_lab_its_settings(engine: FakeEngine) -> None:
    settings = LabSettings(services=("alpha",), cpus=0.5)
    bring_up(engine, definition(), "ana", progress=quiet, settings=settings)
    saved(engine)
    engine.files[VOLUME] = dict(NEW)
    restored(engine)
    assert read_state(engine, "ana").settings == settings
    assert len(read_state(engine, "ana").containers) == 2


def test_export_overwrites_only_when_told_to(engine: FakeEngine, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("precious")
    for unusable in (file, tmp_path, tmp_path / "no" / "folder"):
        with pytest.raises(InputError):
            export(engine, definition(), "ana", unusable, progress=quiet)
    assert file.read_text() == "precious"
    export(engine, definition(), "ana", file, progress=quiet, overwrite=True)
    with open_snapshot(file) as snapshot:
        snapshot.check_contents()
    assert file.stat().st_mode & 0o777 == 0o600


def whole_run(folder: Path, command: str) -> int:
    """Return in how many steps a command is done."""
    engine = prepared(folder, command)
    before = len(engine.steps)
    run(engine, command)
    return len(engine.steps) - before


def prepared(folder: Path, command: str) -> FakeEngine:
    for path in folder.glob("*"):
        path.unlink()
    engine = FakeEngine()
    up(engine)
    engine.files[VOLUME] = dict(OLD)
    if command == "restore":
        saved(engine)
        engine.files[VOLUME] = dict(NEW)
    return engine


def run(engine: FakeEngine, command: str) -> None:
    if command == "restore":
        restored(engine)
    elif command == "discard":
        discard_work(engine, definition(), "ana", progress=quiet)
    else:
        take_down(engine, "ana", discard_work_of=definition(), progress=quiet)


@pytest.mark.parametrize("command", ["restore", "discard", "down"])
def test_a_crash_at_any_step_loses_nothing_and_the_same_command_finishes(folder: Path, command: str) -> None:
    steps = whole_run(folder, command)
    assert steps >= 4
    precious = NEW if command == "restore" else OLD
    for step in range(steps):
        engine = prepared(folder, command)
        engine.crash_at = len(engine.steps) + step
        with pytest.raises(Crash):
            run(engine, command)
        engine.recover()
        assert engine.files.get(VOLUME) == precious or precious in kept(folder)
        run(engine, command)
        assert precious in kept(folder)
        if command == "restore":
            assert engine.files[VOLUME] == OLD
            assert len(read_state(engine, "ana").containers) == 3
        else:
            assert VOLUME not in engine.volumes({})
            assert not read_state(engine, "ana").one_offs


def test_a_home_that_the_engine_made_by_itself_is_a_home(engine: FakeEngine, folder: Path) -> None:
    take_down(engine, "ana", progress=quiet)
    engine.remove_volume(VOLUME)
    engine.create_volume(VOLUME, Volume("work"), {})
    engine.files[VOLUME] = dict(OLD)
    up(engine)
    assert engine.files[VOLUME] == OLD
    saved(engine)
    engine.files[VOLUME] = dict(NEW)
    restored(engine)
    assert NEW in kept(folder)
    take_down(engine, "ana", progress=quiet, discard_work_of=definition())
    assert engine.volumes({}) == []


def test_down_leaves_a_volume_of_which_the_file_does_not_know(engine: FakeEngine) -> None:
    whole = definition()
    tools = replace(whole.services["tools"], mounts=(Mount("volume", "home", "/home/student"),))
    renamed = replace(whole, services={**whole.services, "tools": tools}, volumes={"home": Volume("home")})
    bring_up(engine, renamed, "ana", progress=quiet)
    report = take_down(engine, "ana", progress=quiet, discard_work_of=renamed)
    assert (report.volumes, report.volumes_left) == (("lab-ana_home",), (VOLUME,))
    assert engine.files[VOLUME] == OLD


def test_down_saves_the_labs_own_home_though_it_is_a_folder_now(engine: FakeEngine, folder: Path) -> None:
    settings = LabSettings(work="/srv/ana", work_owner="7:7")
    take_down(engine, "ana", progress=quiet)
    bring_up(engine, definition(), "ana", progress=quiet, settings=settings, change_home=True)
    report = take_down(engine, "ana", progress=quiet, discard_work_of=definition())
    assert report.volumes == (VOLUME,)
    assert report.folder == "/srv/ana"
    assert kept(folder) == [OLD]


def test_down_removes_what_a_killed_verification_left(engine: FakeEngine) -> None:
    left = {labels.PROJECT: "lab-ana", labels.LAB: "ana", labels.REFERENCE: "tools"}
    engine.create_volume(f"{VOLUME}-pristine-1", Volume("work"), left)
    take_down(engine, "ana", progress=quiet)
    assert engine.volumes({}) == [VOLUME]


def test_after_a_discard_up_makes_a_new_home_and_restore_brings_the_work_back(engine: FakeEngine) -> None:
    report = discard_work(engine, definition(), "ana", progress=quiet)
    assert report is not None
    assert report.outcome == "saved"
    up(engine)
    assert engine.files[VOLUME] == SKELETON
    restored(engine)
    assert engine.files[VOLUME] == OLD


def test_names_sort_by_time_even_when_the_clock_is_put_back(engine: FakeEngine, folder: Path) -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 1, tzinfo=UTC)
    first = name_after([], late)
    second = name_after([first, "a name of the user's"], early)
    assert sorted([name_after([second], early), second, first])[:2] == [first, second]
    saved(engine)
    (folder / "0000.tar").write_text("no snapshot")
    found = latest(folder)
    assert found is not None
    assert found.name.startswith("20")


def test_what_a_killed_save_left_is_swept_and_what_still_writes_is_not(folder: Path) -> None:
    folder.mkdir(parents=True)
    left = folder / f"{UNFINISHED}left"
    left.write_text("half")
    with new_file(folder) as other, new_file(folder):
        assert not left.exists()
        assert Path(other.name).exists()
    assert list(folder.iterdir()) == []


def test_snapshots_are_kept_where_the_environment_says() -> None:
    assert snapshots_folder({"LABCTL_SNAPSHOTS": "/s", "XDG_DATA_HOME": "/x"}, "ana") == Path("/s/ana")
    assert snapshots_folder({"XDG_DATA_HOME": "/x"}, "ana") == Path("/x/labctl/work/ana")
    for unset in ({}, {"XDG_DATA_HOME": "relative"}, {"LABCTL_SNAPSHOTS": ""}):
        assert snapshots_folder(unset, "ana") == Path.home() / ".local/share/labctl/work/ana"
