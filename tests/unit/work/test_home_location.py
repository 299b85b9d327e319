"""A lab knows where its home is, whether it is up or down, and moves it only when asked to."""

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.cli.main import main
from labctl.engine import Finished
from labctl.errors import EngineError, InputError, UnhealthyError
from labctl.features.classroom.host_folder import prepare_work_folder, refuse_nested
from labctl.features.lifecycle.down import take_down
from labctl.features.lifecycle.reset import reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.one_off import find_running_lab, one_off_container, who_ended_it
from labctl.features.work.home import find_home
from labctl.features.work.save import save
from labctl.model import Definition, Mount, Volume
from labctl.settings import USUAL, LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine
from tests.unit.work.test_work import OLD, VOLUME, quiet

FOLDER = "/srv/ana"
HOST = LabSettings(work=FOLDER, work_owner="7:7")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setenv("LABCTL_WORK_DIR", str(tmp_path / "snapshots"))
    return FakeEngine()


def place(engine: FakeEngine) -> str:
    state = read_state(engine, "ana")
    return find_home(definition(), "ana", state.settings, state.images).place


def up(engine: FakeEngine, settings: LabSettings | None = None, *, change: bool = False) -> None:
    bring_up(engine, definition(), "ana", progress=quiet, settings=settings, change_home=change)


def test_a_folder_stays_the_home_after_down(engine: FakeEngine) -> None:
    up(engine, HOST)
    engine.files[FOLDER] = dict(OLD)
    take_down(engine, "ana", progress=quiet)
    assert place(engine) == f"folder {FOLDER}"
    assert save(engine, definition(), "ana", progress=quiet).outcome == "saved"
    up(engine)
    assert place(engine) == f"folder {FOLDER}"
    up(engine, USUAL)  # a roster that says nothing of the home
    assert place(engine) == f"folder {FOLDER}"


def test_a_home_with_work_does_not_move_unasked(engine: FakeEngine) -> None:
    up(engine)
    engine.files[VOLUME] = dict(OLD)
    steps = len(engine.steps)
    with pytest.raises(InputError, match=f"the home of lab 'ana' is volume {VOLUME}"):
        up(engine, HOST)
    assert not [each for each in engine.steps[steps:] if "lab-ana-tools-1" in each]
    up(engine, HOST, change=True)
    assert place(engine) == f"folder {FOLDER}"
    assert engine.files[VOLUME] == OLD
    up(engine, change=True)
    assert place(engine) == f"volume {VOLUME}"


def test_a_home_in_which_nobody_worked_may_move(engine: FakeEngine) -> None:
    up(engine)
    up(engine, HOST)
    assert place(engine) == f"folder {FOLDER}"


def test_a_home_that_is_gone_is_told_before_anything_is_removed(engine: FakeEngine) -> None:
    up(engine, HOST)
    before = {each.id for each in engine.containers({})}
    engine.missing_folders.add(FOLDER)
    with pytest.raises(UnhealthyError, match="the home of lab 'ana' is not there"):
        reset(engine, definition(), "ana", progress=quiet, hard=True)
    assert {each.id for each in engine.containers({})} == before


def test_a_toolbox_that_does_not_answer_stays_while_its_home_is_gone(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(engine, HOST)
    before = {each.id for each in engine.containers({})}

    def refuse(*_: object, **__: object) -> Finished:
        raise EngineError("the Engine could not run a command", log="cgroup is full")

    monkeypatch.setattr(engine, "execute", refuse)
    engine.missing_folders.add(FOLDER)
    with pytest.raises(UnhealthyError, match="the home of lab 'ana' is not there"):
        up(engine)
    assert {each.id for each in engine.containers({})} == before


def test_only_what_the_engine_says_of_the_folder_is_told_of_the_home(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(engine, HOST)

    def refuse(_: object) -> str:
        raise EngineError("the Engine could not create it", log="no space left on device")

    monkeypatch.setattr(engine, "create", refuse)
    with pytest.raises(EngineError, match="could not create it"):
        save(engine, definition(), "ana", progress=quiet)


def test_a_dry_run_refuses_what_up_refuses(
    engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    up(engine, HOST)
    nested = f"{FOLDER}/deeper"
    assert main(["up", "ben", "--work", nested, "--dry-run"]) == 2
    assert f"{nested} lies in the home of lab 'ana'" in capsys.readouterr().err
    (tmp_path / "link").symlink_to(tmp_path)
    assert main(["up", "ben", "--work", str(tmp_path / "link"), "--dry-run"]) == 2
    assert "is a symbolic link" in capsys.readouterr().err
    assert main(["up", "ben", "--work", str(tmp_path / "new"), "--dry-run"]) == 0
    assert not (tmp_path / "new").exists()
    take_down(engine, "ana", progress=quiet)
    engine.missing_folders.add(FOLDER)
    assert main(["up", "ana", "--dry-run"]) == 1
    assert "the home of lab 'ana' is not there" in capsys.readouterr().err


def test_a_folder_that_was_the_home_is_not_made_again_unasked(
    engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.cli import provisioning
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    monkeypatch.setattr(provisioning, "provide", lambda *_: None)
    home = tmp_path / "ana"
    home.mkdir()
    os.chown(home, 1000, 1000) if os.geteuid() == 0 else None
    assert main(["up", "ana", "--work", str(home)]) == 0
    take_down(engine, "ana", progress=quiet)
    home.rename(tmp_path / "moved")
    for more in ([], ["--dry-run"]):
        assert main(["up", "ana", "--work", str(home), *more]) == 1
        assert "the home of lab 'ana' is not there" in capsys.readouterr().err
        assert not home.exists()
    assert main(["up", "ana", "--work", str(home), "--change-home"]) == 0
    assert home.exists()


def test_a_home_that_is_somebody_elses_now_is_told(engine: FakeEngine, tmp_path: Path) -> None:
    home = tmp_path / "ana's home"
    home.mkdir()
    found = home.stat()
    owner = f"{found.st_uid}:{found.st_gid}"
    engine.files[str(home)] = {}
    up(engine, LabSettings(work=str(home), work_owner=owner))
    up(engine)
    with pytest.raises(InputError, match=f"belongs to {owner} now, and its learner is 7:7") as caught:
        up(engine, LabSettings(work=str(home), work_owner="7:7"))
    assert f"chown -R 7:7 '{home.parent}/" in caught.value.hint
    home.rename(tmp_path / "elsewhere")
    home.symlink_to(tmp_path / "elsewhere")
    for verb in (
        lambda: up(engine),
        lambda: reset(engine, definition(), "ana", progress=quiet, hard=True),
        lambda: save(engine, definition(), "ana", progress=quiet),
    ):
        before = list(engine.steps)
        with pytest.raises(InputError, match="has become a symbolic link"):
            verb()
        assert engine.steps == before


def test_discarding_the_work_of_a_lab_says_what_stays(engine: FakeEngine) -> None:
    up(engine, HOST)
    engine.files[FOLDER] = dict(OLD)
    report = take_down(engine, "ana", progress=quiet, discard_work_of=definition())
    assert (report.folder, report.saved, report.volumes_left) == (FOLDER, None, ())
    assert engine.files[FOLDER] == OLD
    assert place(engine) == f"volume {VOLUME}"


def test_a_home_is_always_where_the_lab_says(engine: FakeEngine) -> None:
    """A walk over up, down, reset and changes of the home, with a marked file in each home."""
    chance = random.Random(24)
    engine.files[FOLDER] = {"mark": b"folder"}
    up(engine)
    engine.files[VOLUME] = {"mark": b"volume"}
    moved = 0
    for _ in range(300):
        before = place(engine)
        match chance.choice(("up", "down", "reset", "folder", "volume", "asked")):
            case "up":
                up(engine, chance.choice((None, USUAL)))
            case "down":
                take_down(engine, "ana", progress=quiet)
            case "reset" if read_state(engine, "ana").is_there:
                reset(engine, definition(), "ana", progress=quiet, hard=chance.random() < 0.3)
            case "folder" if before != f"folder {FOLDER}":
                with pytest.raises(InputError):
                    up(engine, HOST)
            case "volume":
                up(engine, USUAL)
            case "asked":
                up(engine, chance.choice((HOST, None)), change=True)
                moved += place(engine) != before
                before = place(engine)
        assert place(engine) == before
        assert engine.files[FOLDER] == {"mark": b"folder"}
        assert engine.files[VOLUME] == {"mark": b"volume"}
    assert moved > 10


def test_homes_do_not_lie_in_each_other() -> None:
    refuse_nested({"ana": "/srv/ana", "ben": "/srv/anabel"})
    for folders in ({"ana": "/srv", "ben": "/srv/x/ben"}, {"ana": "/srv/a", "ben": "/srv/a"}):
        with pytest.raises(InputError, match="home of lab 'ana'"):
            refuse_nested(folders)


def test_a_new_home_on_the_host_is_its_owners_alone(tmp_path: Path) -> None:
    os.umask(old := os.umask(0))
    try:
        prepare_work_folder(tmp_path / "homes" / "ana")
    except InputError:  # who is not root owns what he creates; root's group is refused
        assert os.getgid() == 0
    finally:
        os.umask(old)
    assert (tmp_path / "homes" / "ana").stat().st_mode & 0o7777 == 0o700
    assert (tmp_path / "homes").stat().st_mode & 0o7777 == 0o700  # a learner may open the home itself


def test_a_link_is_no_home(tmp_path: Path) -> None:
    (learners := tmp_path / "learners").mkdir()
    learners.chmod(0o777)
    (learners / "ben").symlink_to("/etc")
    for path in (learners / "ben", learners / "ben" / "deeper"):
        with pytest.raises(InputError, match="link"):
            prepare_work_folder(path)
    assert not Path("/etc/deeper").exists()


def test_what_up_chose_is_remembered(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up(engine, definition(), "ana", progress=quiet, services=frozenset({"alpha", "tools"}))
    reset(engine, definition(), "ana", progress=quiet)
    up(engine)
    assert {each.labels["com.docker.compose.service"] for each in engine.containers({})} == {"alpha", "tools"}
    bring_up(engine, definition(), "ana", progress=quiet, services=frozenset({"beta", "tools"}))
    assert read_state(engine, "ana").settings.services == ("alpha", "beta")


def test_down_names_the_folder_that_stays(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    up(engine, HOST)
    assert main(["down", "ana", "--discard-work"]) == 0
    assert f"its home, folder {FOLDER}, stays" in capsys.readouterr().out


def test_an_empty_home_where_work_was_is_no_success(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    up(engine)
    assert main(["work", "save", "ana"]) == 0  # a new home: nothing was expected
    engine.files[VOLUME] = dict(OLD)
    assert main(["work", "save", "ana"]) == 0
    engine.files[VOLUME] = {}
    assert main(["work", "save", "ana"]) == 1
    assert "there is nothing to save, though " in capsys.readouterr().out


def test_a_reset_ends_only_what_it_concerns(engine: FakeEngine) -> None:
    up(engine)
    lab = find_running_lab(engine, definition(), "ana")
    with one_off_container(engine, lab, "run") as container_id:
        assert reset(engine, definition(), "ana", progress=quiet, services=frozenset({"alpha"})).ended == ()
        assert who_ended_it(engine, lab, container_id, was_killed=False) == ""
        [ended] = reset(engine, definition(), "ana", progress=quiet).ended
        assert ended.startswith("lab-ana-tools-run-")
        assert "was reset or taken down meanwhile" in who_ended_it(engine, lab, container_id, was_killed=True)


def test_down_keeps_the_work_and_no_other_volume(engine: FakeEngine) -> None:
    whole = with_sockets()
    bring_up(engine, whole, "ana", progress=quiet)
    assert set(engine.volumes({})) == {VOLUME, "lab-ana_sockets"}
    report = take_down(engine, "ana", progress=quiet, volumes_of=whole)
    assert report.volumes == ("lab-ana_sockets",)
    assert engine.volumes({}) == [VOLUME]


def test_down_keeps_no_own_home_in_which_nobody_worked(engine: FakeEngine) -> None:
    up(engine, HOST)
    assert VOLUME in engine.volumes({})
    take_down(engine, "ana", progress=quiet, volumes_of=definition())
    assert engine.volumes({}) == ["lab-ana_home-folder"]
    up(engine, change=True)
    engine.files[VOLUME] = dict(OLD)
    up(engine, HOST, change=True)
    take_down(engine, "ana", progress=quiet, volumes_of=definition())
    assert engine.files[VOLUME] == OLD


@pytest.mark.parametrize("settings", [USUAL, HOST])
def test_status_shows_labs_of_which_only_the_work_is_left(
    settings: LabSettings,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    up(engine, settings)
    assert main(["down", "ana"]) == 0
    capsys.readouterr()
    assert main(["status", "--all"]) == 0
    assert "ana: down; its work is kept in " in capsys.readouterr().out
    assert main(["status", "--all", "--brief"]) == 0
    assert "its work is kept in" in capsys.readouterr().out
    assert main(["status", "ana"]) == 1
    assert "its work is kept in" in capsys.readouterr().out


def test_status_says_where_the_home_is(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from labctl.cli.context import Context

    monkeypatch.setattr(Context, "engine", engine)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    up(engine, HOST)
    main(["status", "ana"])
    assert f"its home is folder {FOLDER}\n" in capsys.readouterr().out
    main(["status", "ana", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["home"] == f"folder {FOLDER}"


def with_sockets() -> Definition:
    whole = definition()
    alpha = replace(whole.services["alpha"], mounts=(Mount("volume", "sockets", "/run/lab"),))
    volumes = {**whole.volumes, "sockets": Volume("sockets")}
    return replace(whole, services={**whole.services, "alpha": alpha}, volumes=volumes)
