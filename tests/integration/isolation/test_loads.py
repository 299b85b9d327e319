"""A hostile student takes all there is to take: the other labs do not feel it, and one reset mends.

Two labs stand for a class. While the attack goes on in one, the other's checks stay green and each of its
answers comes within a second; then the first is reset, the attack still under way, and is well again.
"""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.isolation import attacks
from tests.integration.isolation.conftest import ATTACKER, VICTIM
from tests.integration.labs import RunningLab, labctl

pytestmark = pytest.mark.usefixtures("labs")
ANSWER_WITHIN_S = 1.0
EVIDENCE_WITHIN_S = 12.0

# Asks every server of the lab, again and again until its input ends: how long did the slowest answer take?
WATCH = r"""
import json, select, socket, sys, time
QUESTIONS = [
    ("echo", 7, socket.AF_INET, b"ping", b"ping"),
    ("echo", 7, socket.AF_INET6, b"ping", b"ping"),
    ("upper-tcp", 9999, socket.AF_INET, b"ping\n", b"PING\n"),
    ("static", 80, socket.AF_INET6, b"HEAD / HTTP/1.0\r\n\r\n", b"HTTP/1.1 200"),
]
slowest, asked, wrong = 0.0, 0, []
while not select.select([sys.stdin], [], [], 0.05)[0]:
    for host, port, family, question, answer in QUESTIONS:
        began = time.monotonic()
        try:
            place = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4]
            with socket.socket(family) as sock:
                sock.settimeout(5)
                sock.connect(place)
                sock.sendall(question)
                got = b""
                while len(got) < len(answer) and (piece := sock.recv(4096)):
                    got += piece
            if not got.startswith(answer):
                wrong.append(f"{host}: {got[:60]!r}")
        except OSError as error:
            wrong.append(f"{host}: {error}")
        slowest, asked = max(slowest, time.monotonic() - began), asked + 1
print(json.dumps({"slowest": slowest, "asked": asked, "wrong": wrong}))
"""


@contextmanager
def unharmed(lab: str) -> Iterator[None]:
    """Fail unless every server of a lab answers meanwhile, at once, and a whole check of it is green."""
    argv = ["docker", "exec", "-i", f"lab-{lab}-client-1", "python3", "-c", WATCH]
    watch = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield
        checked = labctl("check", lab, "--service", "echo")
        said, errors = watch.communicate(timeout=30)
    finally:
        watch.kill()
        watch.wait()
    assert checked.returncode == 0, checked.stdout
    seen = json.loads(said or errors)
    print(f"{seen['asked']} answers, the slowest after {seen['slowest']:.3f} s")
    assert seen["wrong"] == []
    assert seen["asked"] > 40
    assert seen["slowest"] < ANSWER_WITHIN_S


@contextmanager
def under_attack(lab: str, program: str) -> Iterator[dict[str, Any]]:
    """Run a program in a lab's toolbox meanwhile; give what it tells once it has hit something."""
    argv = ["docker", "exec", "-i", f"lab-{lab}-client-1", "python3", "-c", program]
    attack = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    silence = threading.Timer(EVIDENCE_WITHIN_S, attack.kill)
    silence.start()
    try:
        assert attack.stdout is not None
        line = attack.stdout.readline()
        silence.cancel()
        assert line, f"the attack failed: {attack.communicate()[1].decode()}"
        yield json.loads(line)
    finally:
        silence.cancel()
        attack.kill()  # the client of the exec alone: what runs in the lab is for the reset to end
        attack.communicate()


def withstand(program: str, measure: Callable[[], int] | None = None) -> dict[str, Any]:
    """Attack in one lab, see that the other is unharmed, and mend the first.

    Returns:
        The evidence, and under `measured` what was measured, if anything, as soon as that was there.
    """
    with under_attack(ATTACKER, program) as evidence:
        if measure is not None:
            evidence["measured"] = measure()
        with unharmed(VICTIM):
            pass
        began = time.monotonic()
        reset = labctl("reset", ATTACKER)
        assert reset.returncode == 0, reset.stderr
        print(f"{evidence}; mended in {time.monotonic() - began:.2f} s: {reset.stdout.strip()}")
    mended = labctl("check", ATTACKER, "--service", "echo")
    assert mended.returncode == 0, mended.stdout
    return evidence


def test_a_fork_bomb_ends_at_the_labs_own_limit() -> None:
    assert withstand(attacks.FORK_BOMB)["refused"] == "EAGAIN"


def test_who_takes_all_memory_is_killed_and_nobody_else() -> None:
    assert withstand(attacks.MEMORY_HOG)["killed_by"] == 9


def test_files_in_memory_end_at_their_size() -> None:
    evidence = withstand(attacks.MEMORY_FILES)
    assert {why for why, _ in evidence.values()} == {"ENOSPC"}
    assert sum(octets for _, octets in evidence.values()) <= 130 << 20


def test_many_files_end_at_their_number() -> None:
    assert set(withstand(attacks.MANY_INODES).values()) == {"ENOSPC"}


def test_what_system_v_keeps_ends_at_its_size() -> None:
    evidence = withstand(attacks.SYSTEM_V)
    assert evidence["memory"] == ["ENOSPC", 16]  # MiB
    assert evidence["messages"] == ["ENOSPC", 64]


def test_a_file_in_the_home_has_a_largest_size() -> None:
    assert withstand(attacks.HOME_FILLER)["refused"] == "EFBIG"


def test_what_is_logged_is_kept_to_a_size(attacker: RunningLab) -> None:
    withstand(attacks.LOG_FLOOD)
    container = attacker.container("client")
    kept = sum(len(piece) for piece in container.logs(stream=True, follow=False))
    assert 1 << 19 < kept <= 2 << 20


def test_descriptors_end_at_a_limit() -> None:
    evidence = withstand(attacks.DESCRIPTOR_HOG)
    assert evidence["refused"] in ("EMFILE", "ENOMEM")


def test_a_flood_of_connections_stays_in_its_lab() -> None:
    assert withstand(attacks.CONNECTION_FLOOD)["tried"] == 1200


def test_a_flood_of_flows_does_not_fill_the_hosts_table() -> None:
    count = Path("/proc/sys/net/netfilter/nf_conntrack_count")
    before = int(count.read_text())
    evidence = withstand(attacks.FLOW_FLOOD, lambda: int(count.read_text()))
    assert evidence["measured"] - before < attacks.FLOWS / 2


def test_who_takes_all_cpu_gets_one_core() -> None:
    assert withstand(attacks.CPU_HOG)["cores"] < 1.3
