"""A class of small labs from a roster: brought up, asked, reset and taken down together."""

import ipaddress
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.integration.labs import LABCTL, ROOT, RunningLab, kill_at_event, labctl, labctl_json, wait_until
from tests.run_names import own

NAMES = (own("class-a"), own("class-b"), own("class-c"))
LEARNER = 1000


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "class.yaml"
    path.write_text(
        f"defaults: {{services: [echo]}}\nlabs: [{{name: {NAMES[0]}, group: one}}, {NAMES[1]}, {NAMES[2]}]\n"
    )
    labctl("down", *NAMES, "--discard-work")
    yield path
    assert labctl("down", *NAMES, "--discard-work").returncode == 0


def networks() -> dict[str, list[Any]]:
    found = docker.from_env().networks.list(filters={"label": "org.labctl.lab"})
    return {
        each.attrs["Labels"]["org.labctl.lab"]: [
            ipaddress.ip_network(one["Subnet"]) for one in each.attrs["IPAM"]["Config"]
        ]
        for each in found
    }


def test_a_class_comes_up_is_checked_reset_and_taken_down_together(roster: Path) -> None:
    finished = labctl("up", "--roster", str(roster))
    assert finished.returncode == 0, finished.stderr
    shown = labctl_json("status", "--roster", str(roster))
    assert [each["lab"] for each in shown] == list(NAMES)
    assert all(each["healthy"] for each in shown)
    assert {row["service"] for each in shown for row in each["services"]} == {"echo", "client"}

    found = networks()
    subnets = [subnet for name in NAMES for subnet in found[name]]
    assert len(subnets) == 6
    assert all(
        not one.overlaps(other)
        for one in subnets
        for other in subnets
        if one is not other and one.version == other.version
    )
    assert all(
        subnet.subnet_of(ipaddress.ip_network("10.89.0.0/16")) for subnet in subnets if subnet.version == 4
    )

    checked = labctl_json("check", own("class-*"), "--service", "echo")
    assert checked["well"]
    assert {each["lab"] for each in checked["results"]} == set(NAMES)
    reports = labctl_json("reset", "--roster", str(roster), "--group", "one")
    assert [(each["lab"], each["made"]) for each in reports] == [(NAMES[0], {})]

    finished = labctl("down", own("class-?"))
    assert finished.returncode == 0, finished.stderr
    assert not set(NAMES) & set(networks())  # subnets are free again


def test_a_failure_in_one_lab_does_not_stop_the_others_and_is_told_with_its_cause(
    roster: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    labs = f"[{NAMES[0]}, {{name: {NAMES[1]}, work: file/home}}, {NAMES[2]}]"
    roster.write_text(f"defaults: {{services: [echo]}}\nlabs: {labs}\n")
    finished = labctl("up", "--roster", str(roster))
    assert finished.returncode == 2
    assert "1 of 3 labs failed" in finished.stderr
    assert "Not a directory" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert set(NAMES) & set(networks()) == {NAMES[0], NAMES[2]}
    assert all(each["healthy"] for each in labctl_json("status", NAMES[0], NAMES[2]))


def test_killed_at_any_step_the_same_command_finishes(roster: Path) -> None:
    chance = random.Random(4)
    for _ in range(3):
        kill_at_event(chance.randint(1, 4), f"lab-{NAMES[0]}", "up", "--roster", str(roster))
        finished = labctl("up", "--roster", str(roster))
        assert finished.returncode == 0, finished.stderr
        assert all(each["healthy"] for each in labctl_json("status", "--roster", str(roster)))
        labctl("down", NAMES[0])


def test_a_second_labctl_waits_for_the_first_and_says_who_has_the_lab(roster: Path) -> None:
    assert labctl("up", "--roster", str(roster), NAMES[0]).returncode == 0
    first = subprocess.Popen(
        [LABCTL, "reset", NAMES[0], "--hard"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert first.stdout is not None
    assert first.stdout.readline()  # its first step is told once it has the lab
    second = labctl("reset", NAMES[0])
    said = first.communicate(timeout=60)[0]
    assert (first.returncode, second.returncode) == (0, 0), (said, second.stderr)
    assert f"labctl reset {NAMES[0]} (process {first.pid})" in second.stderr


def test_a_roster_with_mistakes_changes_nothing_and_lists_them_all(roster: Path) -> None:
    roster.write_text("labs: [class-a, class-a, Änne, {name: x, services: [ecko]}]\n")
    finished = labctl("up", "--roster", str(roster))
    assert finished.returncode == 2
    assert len(finished.stderr.splitlines()) == 3
    assert all(line.startswith("error: class.yaml:1: ") for line in finished.stderr.splitlines())
    assert not set(NAMES) & set(networks())


def test_a_folder_of_the_host_is_the_home_and_stays_so(tmp_path: Path, own_lab: str) -> None:
    folder = tmp_path / "home"
    for part in (tmp_path, *tmp_path.parents[:2]):
        part.chmod(0o755)  # pytest closes its folders to everybody else
    finished = labctl("up", own_lab, "--service", "echo", "--work", str(folder))
    assert finished.returncode == 0, finished.stderr
    lab = RunningLab(f"lab-{own_lab}")
    assert lab.shell("echo mine > /home/student/file; id -u").stdout == f"{folder.stat().st_uid}\n"
    assert (folder / "file").read_text() == "mine\n"
    assert (folder / "file").stat().st_uid == folder.stat().st_uid != 0
    before = lab.container("client").id
    for words in (["up", own_lab, "--service", "echo"], ["reset", own_lab]):
        finished = labctl(*words)
        assert finished.returncode == 0, finished.stderr
    assert lab.container("client").id == before
    labctl("down", own_lab, "--discard-work")
    assert (folder / "file").read_text() == "mine\n"


def test_a_folder_that_must_not_be_given_away_is_refused(own_lab: str, tmp_path: Path) -> None:
    for folder in ("/", "/run"):
        finished = labctl("up", own_lab, "--work", folder)
        assert finished.returncode == 2
        assert len(finished.stderr.splitlines()) == 1, finished.stderr
    wait_until(lambda: own_lab not in networks(), awaited="nothing left of the lab")
