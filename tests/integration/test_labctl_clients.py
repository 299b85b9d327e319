"""labctl check, run, exec and logs against the lab that plain Compose brought up."""

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.integration.labs import RunningLab, labctl, labctl_json
from tests.run_names import own

LAB = own("pytest")  # the name labctl gives to Compose's project


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_every_server_has_three_checks_and_all_pass_over(family: str, lab: RunningLab) -> None:
    report = labctl_json("check", LAB, "--family", family)
    assert [r for r in report["results"] if r["outcome"] != "passed"] == []
    checks = Counter(result["service"] for result in report["results"])
    assert set(checks) == set(lab.containers())
    assert min(checks.values()) >= 3


def test_over_one_family_only_that_one_is_asked(lab: RunningLab) -> None:
    wrong = "timeout 60 python3 -m services.hello.broken.ipv4_only >/dev/null 2>&1"
    assert lab.shell(f"{wrong} & probe --timeout 10 127.0.0.1@9000/tcp").returncode == 0
    against = ("check", LAB, "--service", "hello", "--against", "client", "--family")
    missed = [r["check"] for r in labctl_json(*against, "ipv4")["results"] if r["outcome"] != "passed"]
    assert missed == ["answers_over_ipv4_and_ipv6"]
    outcomes = {r["check"]: r["outcome"] for r in labctl_json(*against, "ipv6")["results"]}
    assert outcomes.pop("look_up") == "passed"
    assert set(outcomes.values()) == {"failed", "skipped"}
    without_address = labctl("check", LAB, "--service", "hello", "--against", "127.0.0.1", "--family", "ipv6")
    assert without_address.returncode == 1
    assert "skipped" in without_address.stdout


def test_checks_are_told_as_a_table_as_tap_and_as_junit(lab: RunningLab, tmp_path: Path) -> None:
    junit = tmp_path / "report.xml"
    finished = labctl("check", LAB, "--service", "echo", "--tap", "--junit", str(junit))
    assert finished.returncode == 0, finished.stderr
    lines = finished.stdout.splitlines()
    assert lines[0] == "TAP version 14"
    assert lines[1] == f"1..{len(lines) - 2}"
    assert all(line.startswith("ok ") for line in lines[2:])
    suites = ElementTree.parse(junit).getroot()
    assert suites.get("tests") == str(len(lines) - 2)
    assert suites.get("failures") == "0"
    summary, all_rows = (labctl("check", LAB, "--service", "echo", *more).stdout for more in ([], ["-v"]))
    assert summary.splitlines()[1].split()[:3] == ["echo", "passed", str(len(lines) - 2)]
    assert "A short message comes back unchanged." in all_rows


def test_a_students_wrong_server_fails_with_expected_and_got(lab: RunningLab) -> None:
    lab.shell(
        'cd /opt/lab && PORT=7000 nohup python3 -c "import services.echo.server as s; s.PORT = 7000;'
        " import runpy; runpy.run_module('services.echo.broken.one_message_only', run_name='__main__')\""
        " >/dev/null 2>&1 & sleep 1"
    )
    finished = labctl("check", LAB, "--service", "echo", "--against", "client:7000", "--json")
    assert finished.returncode == 1, finished.stderr
    assert finished.stdout, finished.stderr
    failed = [each for each in json.loads(finished.stdout)["results"] if each["outcome"] == "failed"]
    assert "echoes_several_messages_on_one_connection" in {each["check"] for each in failed}
    assert all(each["expected"] and each["got"] for each in failed)


def test_run_starts_a_program_in_a_container_that_is_gone_afterwards(lab: RunningLab) -> None:
    finished = labctl("run", LAB, "cat", "/etc/hostname")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip() != lab.run("cat", "/etc/hostname").stdout.strip()
    names = [each.name for each in lab.engine.containers.list(all=True, ignore_removed=True)]
    assert [name for name in names if "-run-" in name] == []


def test_run_passes_the_programs_exit_code_on(lab: RunningLab) -> None:
    assert labctl("run", LAB, "sh", "-c", "exit 42").returncode == 42


def test_run_lists_the_client_programs_and_names_the_closest(lab: RunningLab) -> None:
    listed = labctl("run", LAB, "--list").stdout
    assert "echo_client" in listed
    finished = labctl("run", LAB, "echo_clinet")
    assert finished.returncode == 2
    assert "did you mean 'echo_client'" in finished.stderr


def test_every_client_program_has_help(lab: RunningLab) -> None:
    names = [line.split()[0] for line in labctl("run", LAB, "--list").stdout.splitlines()]
    assert len(names) >= 6
    for name in names:
        finished = lab.run("python3", "-m", "services.client.programs", name, "--help")
        assert finished.returncode == 0, finished.stderr
        assert "usage" in finished.stdout.lower()


def test_the_homeworks_client_logs_connect_send_pieces_and_close(lab: RunningLab) -> None:
    message = "a message that is longer than sixteen octets"
    finished = labctl("run", LAB, "echo_client", "--host", "echo", "--port", "7", message)
    assert finished.returncode == 0, finished.stderr
    lines = (finished.stdout + finished.stderr).splitlines()
    pieces = [line for line in lines if "received" in line]
    assert len(pieces) == -(-len(message) // 16), lines


def test_exec_and_logs_reach_a_service(lab: RunningLab) -> None:
    assert labctl("exec", LAB, "echo", "id", "-un").stdout.strip() == "lab"
    lab.run("nc", "-N", "-w", "5", "echo", "7", stdin="seen in the log")
    assert "15 octets" in labctl("logs", LAB, "--service", "echo").stdout


def test_compose_shows_what_labctl_started_and_takes_it_down(own_lab: str, lab: RunningLab) -> None:
    import subprocess

    assert labctl("up", own_lab, "--service", "echo").returncode == 0
    project = f"lab-{own_lab}"
    shown = subprocess.run(
        ["docker", "compose", "-p", project, "ps", "--services"], capture_output=True, text=True, check=True
    )
    assert set(shown.stdout.split()) == {"echo", "client"}
    subprocess.run(["docker", "compose", "-p", project, "down"], capture_output=True, check=True)
    assert RunningLab(project).containers() == {}
