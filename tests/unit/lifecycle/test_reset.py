"""`reset`: pristine in place, and recreated only where that does not come about."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from labctl import labels
from labctl.errors import InputError
from labctl.features.lifecycle.reset import ResetReport, reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.up import bring_up
from labctl.features.verify.pristine import Pristine
from labctl.model import Definition, Mount, Volume
from labctl.settings import LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import Crash, FakeEngine


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.features.lifecycle.reset.PATIENCE_S", 0.1)
    monkeypatch.setattr("labctl.features.lifecycle.reset.LOOKS_AT_LAST", 2)
    monkeypatch.setattr("labctl.features.verify.verification.PASSING_S", 0.1)


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine()
    bring_up(engine, definition(), "lab", progress=lambda step: None)
    return engine


def ids(engine: FakeEngine) -> dict[str, str]:
    return {each.labels[labels.SERVICE]: each.id for each in read_state(engine, "lab").containers}


def reset_lab(
    engine: FakeEngine, *services: str, hard: bool = False, pristine: Pristine | None = None
) -> ResetReport:
    chosen = frozenset(services) or None
    return reset(
        engine, definition(), "lab", progress=lambda step: None, services=chosen, hard=hard, pristine=pristine
    )


def test_every_container_is_reset_in_place_and_stays(engine: FakeEngine) -> None:
    before = ids(engine)
    report = reset_lab(engine)
    assert set(report.in_place) == {"alpha", "beta", "tools"}
    assert not report.made
    assert ids(engine) == before


def test_one_service_alone_is_signalled(engine: FakeEngine) -> None:
    report = reset_lab(engine, "alpha")
    assert report.in_place == ("alpha",)
    assert [step for step in engine.steps if step.endswith("HUP")] == [f"kill {ids(engine)['alpha']} HUP"]


def test_a_container_that_does_not_reset_is_made_anew_and_the_report_says_why(engine: FakeEngine) -> None:
    before = ids(engine)
    engine.deaf.add("beta")
    report = reset_lab(engine)
    assert set(report.in_place) == {"alpha", "tools"}
    assert "did not reset in place" in report.made["beta"]
    after = ids(engine)
    assert {name for name in before if after[name] != before[name]} == {"beta"}


def test_a_container_that_says_it_cannot_reset_is_made_anew_at_once(engine: FakeEngine) -> None:
    engine.refusing.add("beta")
    report = reset_lab(engine)
    assert report.made == {"beta": "limits were lowered"}


def test_an_earlier_resets_line_is_not_taken_for_this_ones(engine: FakeEngine) -> None:
    reset_lab(engine)
    engine.deaf.add("beta")
    assert set(reset_lab(engine).made) == {"beta"}


def test_a_plain_reset_looks_at_each_log_once(engine: FakeEngine) -> None:
    reset_lab(engine)
    assert sorted(engine.looks) == sorted(ids(engine).values())


class Babbling(FakeEngine):
    """An Engine in whose containers somebody writes to the log, before PID 1's answer and after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def kill(self, container_id: str, signal: str) -> None:
        for line in self.before:
            self.log(container_id, line)
        super().kill(container_id, signal)
        for line in self.after:
            self.log(container_id, line)


@pytest.fixture
def babbling() -> Babbling:
    engine = Babbling()
    bring_up(engine, definition(), "lab", progress=lambda step: None)
    return engine


@pytest.mark.parametrize("forged", ["init: reset", "somebody: init: reset"])
def test_a_refusal_counts_whatever_somebody_else_wrote_before_it(babbling: Babbling, forged: str) -> None:
    babbling.refusing.add("beta")
    babbling.before = (forged,)
    assert reset_lab(babbling, "beta").made == {"beta": "limits were lowered"}


def test_only_a_whole_line_in_pid_1s_words_is_its_answer(babbling: Babbling) -> None:
    babbling.before = ("10.89.0.9: init: not reset: x", "10.89.0.9: init: reset", "init: reset, or so")
    assert reset_lab(babbling, "beta").in_place == ("beta",)
    babbling.deaf.add("beta")
    assert "did not reset in place" in reset_lab(babbling, "beta").made["beta"]


def test_an_answer_that_is_there_twice_is_none(babbling: Babbling) -> None:
    babbling.before = ("init: reset",)
    assert "another process wrote" in reset_lab(babbling, "beta").made["beta"]


def test_the_answer_is_found_however_much_the_new_server_writes_at_once(babbling: Babbling) -> None:
    babbling.after = ("a request",) * 1000
    assert reset_lab(babbling, "beta").in_place == ("beta",)


def test_a_stopped_container_is_made_anew(engine: FakeEngine) -> None:
    engine.kill(ids(engine)["alpha"], "KILL")
    report = reset_lab(engine)
    assert set(report.made) == {"alpha"}


def test_a_hard_reset_makes_everything_anew_and_keeps_the_work(engine: FakeEngine) -> None:
    before = ids(engine)
    report = reset_lab(engine, hard=True)
    assert not report.in_place
    after = ids(engine)
    assert all(after[name] != before[name] for name in before)
    assert engine.volumes({}) == ["lab_work"]


def test_after_a_crash_at_any_step_of_a_hard_reset_up_converges() -> None:
    for extra in range(9):
        engine = FakeEngine()
        bring_up(engine, definition(), "lab", progress=lambda step: None)
        engine.crash_at = len(engine.steps) + extra
        with pytest.raises(Crash):
            reset_lab(engine, hard=True)
        engine.recover()
        bring_up(engine, definition(), "lab", progress=lambda step: None)
        assert {each.state for each in read_state(engine, "lab").containers} == {"running"}
        assert set(ids(engine)) == {"alpha", "beta", "tools"}


def test_a_lab_that_is_not_there_is_told_with_the_command_that_brings_it() -> None:
    with pytest.raises(InputError, match="no lab 'ana'") as caught:
        reset(FakeEngine(), definition(), "ana", progress=lambda step: None)
    assert caught.value.hint == "labctl up ana"


def test_without_verify_nothing_is_said_of_it(engine: FakeEngine) -> None:
    engine.litter["alpha"] = "/tmp/x"
    report = reset_lab(engine)
    assert report.verified is None
    assert not report.differences


def test_what_is_found_left_behind_is_made_anew_and_named(engine: FakeEngine) -> None:
    before = ids(engine)
    engine.litter["alpha"] = "/tmp/x"
    report = reset_lab(engine, pristine=Pristine(engine))
    assert report.verified
    assert report.made == {"alpha": "file /tmp/x is there"}
    assert report.mended == {"alpha": ("file /tmp/x is there",)}
    assert not report.differences
    assert set(report.in_place) == {"beta", "tools"}
    assert {name for name in before if ids(engine)[name] != before[name]} == {"alpha"}


def test_what_differs_even_when_made_anew_is_told(engine: FakeEngine) -> None:
    engine.sticky.add("beta")
    report = reset_lab(engine, pristine=Pristine(engine))
    assert report.verified is False
    assert report.differences == {"beta": ("file /tmp/sticky is there",)}


def test_only_what_still_differs_is_told_as_such(engine: FakeEngine) -> None:
    engine.sticky.add("beta")
    engine.litter["alpha"] = "/tmp/x"
    report = reset_lab(engine, pristine=Pristine(engine))
    assert report.verified is False
    assert report.differences.keys() == {"beta"}
    assert report.mended.keys() == {"alpha"}


@pytest.mark.parametrize("verified", [True, False])
def test_a_service_that_this_lab_does_not_have_is_an_error(engine: FakeEngine, verified: bool) -> None:
    settings = LabSettings(services=("alpha",))
    bring_up(engine, definition(), "ana", progress=lambda step: None, settings=settings)
    pristine = Pristine(engine) if verified else None
    with pytest.raises(InputError, match="lab 'ana' has no service 'beta'"):
        reset(
            engine,
            definition(),
            "ana",
            progress=lambda step: None,
            services=frozenset({"alpha", "beta"}),
            pristine=pristine,
        )


def test_of_two_containers_of_a_service_the_one_that_stays_was_reset(engine: FakeEngine) -> None:
    [service] = engine.containers({labels.SERVICE: "alpha"})
    engine.start(engine.create(replace(engine.spec(service.id), name="another")))
    reset_lab(engine, "alpha")
    assert f"kill {ids(engine)['alpha']} HUP" in engine.steps


def test_many_verifications_take_one_reference_container_a_service_and_leave_none(engine: FakeEngine) -> None:
    pristine = Pristine(engine)
    for _ in range(3):
        assert reset_lab(engine, pristine=pristine).verified
    twins = [step for step in engine.steps if step.startswith("create lab-") and "-pristine-" in step]
    assert len(twins) == 3
    assert set(ids(engine)) == {"alpha", "beta", "tools"}
    assert not read_state(engine, "lab").one_offs
    assert engine.volumes({}) == ["lab_work"]


def crashed_when(step: str) -> tuple[FakeEngine, Definition]:
    """Return an Engine on which a comparison of a service with a volume was killed before this step."""
    plain = definition("alpha")
    mounted = replace(plain.services["alpha"], mounts=(Mount("volume", "sockets", "/run/lab"),))
    both = replace(
        plain,
        services={**plain.services, "alpha": mounted},
        volumes={**plain.volumes, "sockets": Volume("sockets")},
    )
    whole = FakeEngine()
    for engine in (whole, killed := FakeEngine()):
        bring_up(engine, both, "lab", progress=lambda step: None)
    verify_alpha(whole, both)
    killed.crash_at = next(
        at for at, each in enumerate(whole.steps) if at > len(killed.steps) and each.startswith(step)
    )
    with pytest.raises(Crash):
        verify_alpha(killed, both)
    killed.recover()
    return killed, both


def verify_alpha(engine: FakeEngine, both: Definition) -> None:
    services = frozenset({"alpha"})
    reset(engine, both, "lab", progress=lambda step: None, services=services, pristine=Pristine(engine))


@pytest.mark.parametrize("step", ["create lab-", "start", "remove id", "remove volume"])
def test_after_a_crash_at_any_step_of_a_comparison_the_next_one_leaves_nothing(step: str) -> None:
    engine, both = crashed_when(step)
    assert len(engine.volumes({})) == 3
    verify_alpha(engine, both)
    assert not read_state(engine, "lab").one_offs
    assert engine.volumes({}) == ["lab_work", "lab_sockets"]


@pytest.mark.parametrize("mend", [reset, bring_up])
def test_a_leftover_reference_container_goes_with_the_next_reset_or_up(
    mend: Callable[..., object],
) -> None:
    engine, both = crashed_when("remove id")
    mend(engine, both, "lab", progress=lambda step: None)
    assert not read_state(engine, "lab").one_offs
    assert engine.volumes({}) == ["lab_work", "lab_sockets"]


def test_one_service_alone_is_compared(engine: FakeEngine) -> None:
    engine.sticky.add("beta")
    assert reset_lab(engine, "alpha", pristine=Pristine(engine)).verified
