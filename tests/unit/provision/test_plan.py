"""Which step brings a machine nearer to a running Engine, in every situation."""

import getpass
import itertools
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.errors import EngineUnavailableError
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import Ping
from labctl.features.provision.plan import Step, plan_engine
from labctl.features.provision.situation import Situation, read_situation

BARE = Situation(Ping.NOT_LISTENING, "unix:///var/run/docker.sock", root=True, apt=True, user="ana")
INSTALLED = replace(BARE, installed=True)


def refusal(situation: Situation) -> EngineUnavailableError:
    with pytest.raises(EngineUnavailableError) as caught:
        plan_engine(situation)
    assert caught.value.exit_code == 3
    assert caught.value.hint, "who cannot be helped must be told what to type"
    return caught.value


def test_an_engine_that_answers_is_used() -> None:
    assert plan_engine(replace(BARE, ping=Ping.RESPONDS)) is Step.NOTHING


def test_an_engine_that_answers_is_used_even_where_nothing_else_is_right() -> None:
    situation = Situation(Ping.RESPONDS, "tcp://far:2375", chosen=True, install_allowed=False)
    assert plan_engine(situation) is Step.NOTHING


def test_an_engine_the_user_chose_is_never_replaced_by_another() -> None:
    for result in (Ping.NOT_LISTENING, Ping.UNRESPONSIVE, Ping.FORBIDDEN):
        error = refusal(replace(INSTALLED, ping=result, chosen=True, address="tcp://far:2375"))
        assert "DOCKER_HOST" in error.what
        assert error.where == "DOCKER_HOST=tcp://far:2375"


def test_who_may_not_use_the_engine_is_told_which_group_to_join() -> None:
    error = refusal(replace(INSTALLED, ping=Ping.FORBIDDEN, root=False))
    assert "usermod -aG docker ana" in error.hint


def test_an_engine_that_is_starting_is_waited_for() -> None:
    assert plan_engine(replace(INSTALLED, alive=True)) is Step.WAIT
    assert plan_engine(replace(INSTALLED, ping=Ping.UNRESPONSIVE)) is Step.WAIT


def test_an_installed_engine_is_started_by_systemd_where_it_runs_the_machine() -> None:
    assert plan_engine(replace(INSTALLED, service=True)) is Step.START_SERVICE


def test_an_installed_engine_is_started_by_us_elsewhere() -> None:
    assert plan_engine(INSTALLED) is Step.START_DAEMON


def test_who_may_not_start_the_engine_is_told_the_command() -> None:
    assert "service docker start" in refusal(replace(INSTALLED, root=False)).hint
    assert "systemctl start docker" in refusal(replace(INSTALLED, root=False, service=True)).hint


def test_a_missing_engine_is_installed() -> None:
    assert plan_engine(BARE) is Step.INSTALL


def test_a_missing_engine_is_not_installed_where_that_is_forbidden() -> None:
    error = refusal(replace(BARE, install_allowed=False))
    assert "LABCTL_NO_INSTALL" in error.what
    assert error.hint.startswith("apt-get update && apt-get install")


def test_a_missing_engine_is_not_installed_without_root() -> None:
    error = refusal(replace(BARE, root=False))
    assert error.hint.startswith("sudo apt-get update && sudo apt-get install")


def test_a_missing_engine_is_not_installed_on_another_distribution() -> None:
    assert "docs.docker.com" in refusal(replace(BARE, apt=False)).hint


def test_every_situation_ends_in_a_step_or_in_a_refusal() -> None:
    flags = ("chosen", "installed", "alive", "service", "root", "apt", "install_allowed")
    for result in Ping:
        for values in itertools.product((False, True), repeat=len(flags)):
            facts: dict[str, Any] = dict(zip(flags, values, strict=True))
            situation = replace(BARE, ping=result, **facts)
            try:
                step = plan_engine(situation)
            except EngineUnavailableError as error:
                assert error.hint
            else:
                assert step is not Step.INSTALL or (situation.root and situation.install_allowed)
                assert (step is Step.NOTHING) == (result is Ping.RESPONDS)


def test_a_user_without_a_name_is_told_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nobody)
    host = {"DOCKER_HOST": f"unix://{tmp_path}/none"}
    assert read_situation(EnginePaths(), host).user == str(os.geteuid())
