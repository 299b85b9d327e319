"""Services that depend on others start after them; profiles say which services a lab has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from labctl import labels
from labctl.cli.profiles import chosen_profiles
from labctl.engine import Container, Finished
from labctl.errors import InputError, UnhealthyError
from labctl.features.lifecycle import dependencies
from labctl.features.lifecycle.lab import lab_from, usual_network_name
from labctl.features.lifecycle.reset import reset
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.status import read_statuses
from labctl.features.lifecycle.up import UpReport, bring_up
from labctl.labels import SERVICE
from labctl.model import COMPLETED, HEALTHY, Definition, Dependency, Healthcheck, Service
from labctl.settings import USUAL, LabSettings
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


class SlowEngine(FakeEngine):
    """Health checks fail a few times first; jobs run for a few looks, and end as they are told to."""

    checks = 3
    looks_at_job = 3
    exit_code = 0

    def execute(self, container_id: str, argv: Sequence[str], **limits: Any) -> Finished:
        if argv[0] != "is-healthy":
            return super().execute(container_id, argv, **limits)
        self.checks -= 1
        self.steps.append("health check")
        return Finished(int(self.checks > 0), "not yet")

    def containers(self, labels: Mapping[str, str | None]) -> list[Container]:
        if "job" in labels.values():
            self.looks_at_job -= 1
            if self.looks_at_job == 0:
                self.finish_job()
        return super().containers(labels)

    def finish_job(self) -> None:
        for each in list(self._containers.values()):
            if each.labels[SERVICE] == "job":
                status = f"Exited ({self.exit_code}) 1 second ago"
                self._containers[each.id] = replace(each, state="exited", status=status)


def with_dependencies(
    *, depends_on: Mapping[str, Mapping[str, Dependency]], profiles: Mapping[str, str] | None = None
) -> Definition:
    made = definition("web", "db", "job")
    services: dict[str, Service] = {
        name: replace(
            each,
            depends_on=depends_on.get(name, {}),
            profiles=tuple((profiles or {}).get(name, "").split()),
            healthcheck=Healthcheck(("CMD", "is-healthy")) if name == "db" else None,
            labels={} if name == "job" else each.labels,
        )
        for name, each in made.services.items()
    }
    return replace(made, services=services)


HEALTHY_DB = {"web": {"db": Dependency(HEALTHY)}}
JOB_DONE = {"web": {"job": Dependency(COMPLETED)}}


def up(engine: FakeEngine, what: Definition, **how: object) -> UpReport:
    return bring_up(engine, what, "lab", progress=lambda _: None, ready_timeout_s=0.2, **how)  # type: ignore[arg-type]


def names(engine: FakeEngine) -> set[str]:
    return {each.labels[labels.SERVICE] for each in read_state(engine, "lab").containers}


def test_a_service_is_created_after_the_one_it_depends_on() -> None:
    for _ in range(20):
        engine = FakeEngine()
        up(engine, with_dependencies(depends_on={"web": {"db": Dependency()}, "db": {"job": Dependency()}}))
        made = [step for step in engine.steps if "-1" in step]
        assert made.index("start lab-job-1") < made.index("create lab-db-1")
        assert made.index("start lab-db-1") < made.index("create lab-web-1")


def test_a_health_check_is_awaited() -> None:
    engine = SlowEngine()
    up(engine, with_dependencies(depends_on=HEALTHY_DB))
    checks = [at for at, step in enumerate(engine.steps) if step == "health check"]
    assert len(checks) == 3
    assert engine.steps.index("create lab-web-1") > checks[-1]


def test_what_never_becomes_healthy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "TIMEOUT_S", 0.0)
    engine = SlowEngine()
    with pytest.raises(
        UnhealthyError, match="service 'db', on which 'web' depends, did not become"
    ) as caught:
        up(engine, with_dependencies(depends_on=HEALTHY_DB))
    assert caught.value.log == "not yet"
    assert names(engine) == {"db", "job", "tools"}


def test_a_job_is_awaited_and_stays_completed() -> None:
    engine, what = SlowEngine(), with_dependencies(depends_on=JOB_DONE)
    up(engine, what)
    assert engine.looks_at_job <= 0
    before = list(engine.steps)
    assert not up(engine, what).made
    assert engine.steps == before
    (status,) = read_statuses(engine, what, ["lab"])
    assert {row.service: row.state for row in status.services}["job"] == "completed"
    assert status.is_healthy
    assert not reset(engine, what, "lab", progress=lambda _: None).made


def test_a_job_that_fails_is_named_and_is_run_again_by_the_next_up() -> None:
    engine, what = SlowEngine(), with_dependencies(depends_on=JOB_DONE)
    engine.exit_code = 7
    with pytest.raises(UnhealthyError, match="service 'job', on which 'web' depends, failed") as caught:
        up(engine, what)
    assert "Exited (7)" in caught.value.log
    engine.exit_code, engine.looks_at_job = 0, 3
    assert "job" in up(engine, what).made


def test_services_asked_for_bring_what_they_depend_on() -> None:
    engine = SlowEngine()
    up(engine, with_dependencies(depends_on=HEALTHY_DB), services=frozenset({"web"}))
    assert names(engine) == {"web", "db", "tools"}


def test_a_lab_of_a_roster_has_what_its_services_depend_on() -> None:
    own = lab_from(
        with_dependencies(depends_on=HEALTHY_DB), "ana", (), "x", LabSettings(services=("web",))
    ).definition
    assert set(own.services) == {"web", "db", "tools"}


def test_a_dependency_changes_no_hash() -> None:
    plain, other = with_dependencies(depends_on={}), with_dependencies(depends_on=HEALTHY_DB)
    hashes = [
        lab_from(each, "lab", (), usual_network_name("lab"))
        .container_spec(each.services["web"], "i")
        .labels[labels.CONFIG_HASH]
        for each in (plain, other)
    ]
    assert hashes[0] == hashes[1]


IN_PROFILES = {"db": "storage", "job": "jobs storage"}


@pytest.mark.parametrize(
    ("profiles", "more"),
    [((), set()), (("storage",), {"db", "job"}), (("jobs",), {"job"}), (("*",), {"db", "job"})],
)
def test_a_lab_has_the_services_of_its_profiles_and_those_in_none(
    profiles: tuple[str, ...], more: set[str]
) -> None:
    what = with_dependencies(depends_on={}, profiles=IN_PROFILES)
    engine = SlowEngine()
    up(engine, what, settings=LabSettings(profiles=profiles))
    assert names(engine) == {"web", "tools"} | more
    before = list(engine.steps)
    up(engine, what)  # the lab keeps its profiles
    assert engine.steps == before


def test_a_dependency_in_no_profile_of_the_lab_is_refused_before_anything_is_created() -> None:
    engine, what = SlowEngine(), with_dependencies(depends_on=HEALTHY_DB, profiles=IN_PROFILES)
    with pytest.raises(InputError, match="service 'web' depends on 'db', in no profile of lab 'lab'"):
        up(engine, what)
    assert not engine.steps


def test_a_dependency_that_is_not_required_may_be_missing() -> None:
    engine = SlowEngine()
    depends_on = {"web": {"db": Dependency(HEALTHY, required=False)}}
    up(engine, with_dependencies(depends_on=depends_on, profiles=IN_PROFILES))
    assert names(engine) == {"web", "tools"}


def test_the_profiles_a_user_means() -> None:
    what = with_dependencies(depends_on={}, profiles=IN_PROFILES)
    environ = {"COMPOSE_PROFILES": "jobs, of-another-project"}
    assert chosen_profiles(what, (), None, {}) == frozenset()
    assert chosen_profiles(what, ("storage",), None, environ) == {"storage"}
    assert chosen_profiles(what, (), None, environ) == {"jobs"}
    assert chosen_profiles(what, (), {"db", "web"}, {}) == {"storage"}
    assert chosen_profiles(what, ("*",), None, {}) == {"*"}
    with pytest.raises(InputError, match="there is no profile 'stor'; did you mean 'storage'"):
        chosen_profiles(what, ("stor",), None, {})


def test_profiles_are_kept_in_the_settings() -> None:
    assert LabSettings.from_label(LabSettings(profiles=("a", "b")).as_label()).profiles == ("a", "b")
    assert USUAL.as_label() == "{}"
