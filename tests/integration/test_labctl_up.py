"""labctl up, down, status and reset on a real Engine, as a user types them."""

import os
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.labs import LABCTL, ROOT, RunningLab, kill_at_event, labctl, labctl_json
from tests.run_names import own

OWN, OTHER = own("own"), own("other")  # OWN is what the fixture `own_lab` takes away


def started(lab: RunningLab) -> dict[str, tuple[str, str]]:
    return {name: (c.id, c.attrs["State"]["StartedAt"]) for name, c in lab.containers().items()}


@pytest.fixture
def running(own_lab: str) -> RunningLab:
    finished = labctl("up", own_lab)
    assert finished.returncode == 0, finished.stderr
    return RunningLab(f"lab-{own_lab}")


def test_a_second_up_leaves_everything_as_it_was(running: RunningLab) -> None:
    before = started(running)
    [report] = labctl_json("up", OWN)
    assert report["made"] == {}
    assert started(running) == before


def test_up_makes_what_was_killed_removed_disconnected_or_wedged_right_again(running: RunningLab) -> None:
    before = started(running)
    for service in ("echo", "mail", "forking"):
        running.container(service).kill("KILL")
    running.container("static").remove(force=True)
    cgi = running.container("cgi")
    [network] = cgi.attrs["NetworkSettings"]["Networks"]
    running.engine.networks.get(network).disconnect(cgi, force=True)
    stop_the_server_in(running, "wsgi")
    harmed = {"echo", "mail", "forking", "static", "cgi", "wsgi"}
    [report] = labctl_json("up", OWN)
    assert set(report["made"]) == harmed
    after = started(running)
    assert {name for name in before if after[name] != before[name]} == harmed
    finished = labctl("check", OWN)
    assert finished.returncode == 0, finished.stdout


def stop_the_server_in(lab: RunningLab, service: str) -> None:
    """SIGSTOP everything but PID 1: the server neither dies nor answers."""
    [container] = [lab.container(service)]
    program = "import os,signal;[os.kill(int(p),signal.SIGSTOP) for p in os.listdir('/proc') if p.isdigit()"
    program += " and int(p) not in (1, os.getpid())]"
    container.exec_run(["python3", "-c", program])


def test_up_converges_after_labctl_was_killed_at_any_step(own_lab: str) -> None:
    rng = random.Random(own_lab)
    steps = [1, *(rng.randint(2, 60) for _ in range(5))]  # it creates and starts 25 containers
    killed = [kill_at_event(step, f"lab-{own_lab}", "up", own_lab) for step in steps]
    assert killed[0], "it creates at least one"
    finished = labctl("up", own_lab)
    assert finished.returncode == 0, finished.stderr
    assert {row["state"] for row in labctl_json("status", own_lab)[0]["services"]} == {"running"}


def test_ctrl_c_leaves_what_down_takes_away(own_lab: str) -> None:
    process = subprocess.Popen(
        [LABCTL, "up", own_lab],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs the tests in the background ignores SIGINT, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    next(line for line in process.stderr if line.startswith("started"))
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert labctl("down", own_lab, "--discard-work").returncode == 0
    assert not RunningLab(f"lab-{own_lab}").containers()


def test_a_whole_lab_goes_and_the_work_stays(running: RunningLab) -> None:
    running.shell("echo precious > ~/work.txt")
    assert labctl("down", OWN).returncode == 0
    assert running.containers() == {}
    assert not [n for n in running.engine.networks.list() if n.name.startswith(f"lab-{OWN}_")]
    assert labctl("up", OWN, "--service", "echo").returncode == 0
    assert set(running.containers()) == {"echo", "client"}
    assert running.shell("cat ~/work.txt").stdout == "precious\n"
    assert labctl("down", OWN, "--discard-work").returncode == 0
    assert not [v for v in running.engine.volumes.list() if v.name.startswith(f"lab-{OWN}_")]


def test_reset_takes_strangers_and_litter_away_in_place_and_keeps_the_work(running: RunningLab) -> None:
    before = started(running)
    running.shell(
        "echo precious > ~/work.txt; touch /tmp/litter /dev/shm/litter; nohup sleep 1000 >/dev/null &"
    )
    [report] = labctl_json("reset", OWN)
    assert set(report["in_place"]) == set(before)
    assert started(running) == before
    assert running.shell("cat ~/work.txt; ls /tmp /dev/shm; pgrep -c sleep").stdout.split() == [
        "precious",
        "/dev/shm:",
        "/tmp:",
        "1",  # the toolbox's own
    ]


def test_status_tells_a_killed_service_and_says_so_by_its_exit_code(running: RunningLab) -> None:
    assert labctl("status", OWN).returncode == 0
    running.container("echo").kill("KILL")
    finished = labctl("status", OWN, "--json")
    assert finished.returncode == 1
    [status] = labctl_json("status", OWN)
    states = {row["service"]: row["state"] for row in status["services"]}
    assert states.pop("echo") == "exited"
    assert set(states.values()) == {"running"}


def test_labs_do_not_share_a_subnet_and_publish_nothing(running: RunningLab) -> None:
    assert labctl("up", OTHER, "--service", "echo").returncode == 0
    try:
        other = RunningLab(f"lab-{OTHER}")
        networks = [
            subnet["Subnet"]
            for lab in (running, other)
            for subnet in lab.engine.networks.get(f"{lab.project}_default").attrs["IPAM"]["Config"]
        ]
        assert len(set(networks)) == 4
        assert other.container("echo").ports in ({}, {"7/tcp": None})
    finally:
        labctl("down", OTHER, "--discard-work")


@pytest.mark.parametrize("malformed", sorted((ROOT / "tests/unit/composefile/malformed").glob("*.yaml")))
def test_a_malformed_file_is_told_in_a_line_and_leaves_nothing(malformed: Path) -> None:
    finished = labctl("-f", str(malformed), "up", own("malformed"))
    assert finished.returncode == 2
    [line] = finished.stderr.splitlines()
    assert line.startswith("error: ")
    assert malformed.name in line
    assert not RunningLab(f"lab-{own('malformed')}").containers()


def unusable(words: str) -> Any:
    return pytest.param(words.split(), id=words)


@pytest.mark.parametrize(
    "words",
    [
        unusable("stauts"),
        unusable("up Ana"),
        unusable("up " + "x" * 300),
        unusable("up ana --service ecko"),
        unusable("up --no-such-option"),
        unusable("check --against client:7000"),
        unusable("check --service echo --against client:port"),
        unusable("down ana --all"),
        unusable("-f /nonexistent/compose.yaml up"),
        unusable("exec lab nosuch ls"),
        unusable("reset nosuch"),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_exit_code_2(words: list[str]) -> None:
    finished = labctl(*words)
    assert finished.returncode == 2, finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert finished.stderr.startswith("error: ")


@pytest.mark.parametrize("verb", ["up", "status", "down", "check", "reset", "logs"])
def test_without_an_engine_the_exit_code_is_3_and_nothing_is_installed(verb: str) -> None:
    finished = labctl(verb, DOCKER_HOST="unix:///nonexistent/docker.sock")
    assert finished.returncode == 3, finished.stderr
    assert finished.stderr.startswith("error: ")
    assert "Traceback" not in finished.stderr
    assert "try:" in finished.stderr


def test_a_lab_that_is_not_up_is_told_with_the_command_that_brings_it() -> None:
    for words in (["check", "nosuch"], ["run", "nosuch", "curl"], ["shell", "nosuch"]):
        finished = labctl(*words)
        assert finished.returncode == 1
        assert "labctl up nosuch" in finished.stderr
