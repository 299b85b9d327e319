"""Reset: whatever was done to a lab, it is pristine and answers within a bounded time.

Most tests call labctl's own features, in one process, so that what is pristine is asked for once.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labctl.composefile import read_definition
from labctl.docker_engine import DockerEngine, open_engine
from labctl.features.lifecycle.reset import ResetReport, reset
from labctl.features.lifecycle.up import bring_up
from labctl.features.verify.pristine import Pristine
from labctl.features.verify.verification import verify
from tests.integration.labs import COMPOSE_FILE, RunningLab, labctl, labctl_json
from tests.run_names import own

LAB = own("resetting")
OTHER_LAB = own("resettled")
SERVICES = frozenset({"echo", "upper-tcp", "forking", "unix", "client"})
VANDAL = Path(__file__).with_name("vandal.py").read_text()
STRUCK = ("client", "echo", "unix")  # by vandals, in each round
ROUNDS = 50
BOUND_S = 10.0  # for a reset with a container that must be recreated, on a busy machine


class Resetting:
    """A lab brought up by labctl's features, and reset by them."""

    def __init__(self) -> None:
        self.engine: DockerEngine = open_engine()
        self.definition = read_definition(COMPOSE_FILE, os.environ)
        self.lab = RunningLab(f"lab-{LAB}")
        report = bring_up(self.engine, self.definition, LAB, progress=lambda _: None, services=SERVICES)
        self.parts = report.lab
        self.pristine = Pristine(self.engine)
        self.reset(*SERVICES)

    def reset(self, *services: str) -> ResetReport:
        """Reset these services and compare them with fresh ones."""
        return reset(
            self.engine,
            self.definition,
            LAB,
            progress=lambda _: None,
            services=frozenset(services),
            pristine=self.pristine,
        )

    def do(self, service: str, program: str, *arguments: str) -> None:
        """Run a Python program in a service's container until it ends."""
        container = self.lab.engine.containers.get(f"lab-{LAB}-{service}-1")
        code, output = container.exec_run(["python3", "-c", program, *arguments])
        assert code == 0, output.decode(errors="replace")


@pytest.fixture(scope="module")
def resetting() -> Iterator[Resetting]:
    labctl("down", LAB, "--discard-work")
    yield Resetting()
    finished = labctl("down", LAB, "--discard-work")
    assert finished.returncode == 0, finished.stderr


def assert_reset(resetting: Resetting, *services: str, in_place: bool = True) -> ResetReport:
    began = time.monotonic()
    report = resetting.reset(*services)
    seconds = time.monotonic() - began
    assert report.verified, report.differences
    assert not report.mended, report.mended
    assert seconds < BOUND_S
    assert set(report.in_place if in_place else report.made) >= set(services), report.made
    return report


# What a wedge begins with: `settle(work)` returns when the work is done, in a process that stays.
SETTLE = """
import os, resource, signal, socket, time
def settle(work):
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        os.read(reader, 1)
        return
    os.setsid()
    for stream in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    kept = work()
    os.write(writer, b".")
    while True:
        time.sleep(1000)
def server():
    return int(open("/proc/1/task/1/children").read().split()[0])
"""

WEDGES = {
    "a stopped server": "os.kill(server(), signal.SIGSTOP)",
    "the process limit": """
def fill():
    try:
        while True:
            if os.fork() == 0:
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.Signals)
                while True:
                    try:
                        os.fork()
                    except OSError:
                        time.sleep(0.1)
    except OSError:
        pass
settle(fill)
""",
    "full places": """
for path in ("/tmp/full", "/dev/shm/full"):
    try:
        with open(path, "wb", 0) as file:
            while True:
                file.write(bytes(65536))
    except OSError:
        pass
""",
    "places with no room for another name": """
for place in ("/tmp", "/dev/shm"):
    try:
        for number in range(1 << 20):
            os.close(os.open(f"{place}/{number}", os.O_CREAT))
    except OSError:
        pass
""",
    "the memory limit": """
import ctypes
def fill():  # until it is killed for it; System V shared memory stays, whoever dies
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    while True:
        number = libc.shmget(0, 1 << 20, 0o600)
        ctypes.memset(libc.shmat(number, None, 0), 1, 1 << 20)
settle(fill)
""",
    "processes that take no signal": """
def ignore():
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.Signals)
settle(ignore)
""",
    "message queues, semaphores and shared memory": """
import subprocess
for kind in (["-Q"], ["-M", "4096"], ["-S", "3"]):
    subprocess.run(["ipcmk", *kind], check=True)
os.open("/dev/mqueue/queue", os.O_CREAT)
""",
    "closed folders, deep trees and odd names": """
os.makedirs("/tmp/a/b/c")
open("/tmp/a/b/c/file", "w").close()
for folder in ("/tmp/a/b/c", "/tmp/a/b", "/tmp/a"):
    os.chmod(folder, 0)
for name in ("new\\nline", "-rf", "-delete", " ", "*", ".hidden", b"\\xff\\xfe"):
    open(os.path.join(os.fsencode("/tmp"), os.fsencode(name)), "w").close()
os.chdir("/dev/shm")
for _ in range(1000):
    os.mkdir("d" * 20)
    os.chdir("d" * 20)
""",
    "an unfinished line in the log": """
with open("/proc/1/fd/1", "w") as log:
    log.write("unfinished")
""",
    "files that are open and mapped": """
import mmap
def hold():
    file = open("/tmp/held", "w+b")
    file.truncate(1 << 20)
    os.link("/tmp/held", "/tmp/other")
    return file, mmap.mmap(file.fileno(), 1 << 20)
settle(hold)
""",
}


@pytest.mark.parametrize("wedge", WEDGES)
def test_reset_in_place_mends(resetting: Resetting, wedge: str) -> None:
    resetting.do("echo", SETTLE + WEDGES[wedge])
    assert_reset(resetting, "echo")


LOWERED = {
    "few open files": "resource.prlimit(1, resource.RLIMIT_NOFILE, (16, 16))",
    "no open file at all": "resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))",
    "no process": "resource.prlimit(1, resource.RLIMIT_NPROC, (0, 0))",
    "low priority": "os.setpriority(os.PRIO_PROCESS, 1, 10)",
    "one core": "os.sched_setaffinity(1, {min(os.sched_getaffinity(1))})",
}


@pytest.mark.parametrize("lowered", LOWERED)
def test_what_nobody_inside_can_raise_again_is_made_anew_and_named(
    resetting: Resetting, lowered: str
) -> None:
    if lowered == "one core" and os.cpu_count() == 1:
        pytest.skip("there is but one")
    resetting.do("echo", SETTLE + LOWERED[lowered])
    report = assert_reset(resetting, "echo", in_place=False)
    assert "PID 1" in report.made["echo"] or "reset in place" in report.made["echo"]


def test_another_users_file_cannot_be_removed_and_so_the_container_is_made_anew(
    resetting: Resetting,
) -> None:
    code, output = resetting.lab.container("echo").exec_run(["touch", "/tmp/roots"], user="0")
    assert code == 0, output
    report = assert_reset(resetting, "echo", in_place=False)
    assert report.made["echo"] == "/tmp could not be emptied"


def test_a_limit_that_was_changed_from_outside_is_seen(resetting: Resetting) -> None:
    resetting.lab.container("echo").update(mem_limit="48m", memswap_limit="48m")
    report = resetting.reset("echo")
    assert report.verified, report.differences
    assert "limit memory" in report.made["echo"]


def test_an_answer_that_somebody_else_writes_too_is_not_believed(resetting: Resetting) -> None:
    babble = """
def babble():
    log = open("/proc/1/fd/1", "w", buffering=1)
    if os.fork() == 0:
        while True:
            print("init: reset", file=log)
            time.sleep(0.0005)
settle(babble)
resource.prlimit(1, resource.RLIMIT_NOFILE, (16, 16))
"""
    resetting.do("echo", SETTLE + babble)
    assert_reset(resetting, "echo", in_place=False)


def test_a_paused_container_is_made_anew(resetting: Resetting) -> None:
    resetting.lab.container("echo").pause()
    report = assert_reset(resetting, "echo", in_place=False)
    assert report.made["echo"] == "it is paused"


def test_a_server_that_was_killed_is_there_again(resetting: Resetting) -> None:
    subprocess.run(
        ["docker", "exec", f"lab-{LAB}-echo-1", "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)"],
        check=False,
        capture_output=True,
    )
    report = resetting.reset("echo")
    assert report.verified, report.differences


def test_a_server_that_waits_for_one_client_for_ever_is_free_again(resetting: Resetting) -> None:
    hold = "settle(lambda: socket.create_connection(('upper-tcp', 9999)))"
    resetting.do("client", SETTLE + hold)
    assert_reset(resetting, "upper-tcp")
    assert_reset(resetting, "client")


def test_two_thousand_open_connections_are_gone(resetting: Resetting) -> None:
    hold = """
def connect():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kept = []
    for _ in range(2000):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex((address, 7))
        kept.append(sock)
    return kept
address = socket.gethostbyname("echo")
settle(connect)
"""
    resetting.do("client", SETTLE + hold)
    assert_reset(resetting, "echo")
    assert_reset(resetting, "client")


def test_the_shared_folder_is_emptied_by_those_whose_files_lie_there(resetting: Resetting) -> None:
    litter = """
import os
folder = f"/run/lab/{os.getuid()}"
os.makedirs(f"{folder}/deep")
open(f"{folder}/deep/file", "w").close()
os.chmod(folder, 0)
"""
    for service in ("client", "unix"):
        resetting.do(service, litter)
    assert_reset(resetting, "client", "unix")
    assert resetting.lab.shell("ls /run/lab").stdout.split() == ["datagram", "stream"]


def vandalize(resetting: Resetting, chance: random.Random) -> None:
    def harm(service: str, seed: int) -> None:
        shared = ["shared"] if service in ("client", "unix") else []
        resetting.do(service, VANDAL, str(seed), "4", *shared)

    with ThreadPoolExecutor() as pool:
        list(pool.map(harm, STRUCK, [chance.randrange(1 << 30) for _ in STRUCK]))


def test_vandalism_is_seen_and_named(resetting: Resetting) -> None:
    vandalize(resetting, random.Random("seen"))
    found = verify(resetting.engine, resetting.parts, STRUCK, resetting.pristine)
    assert found.keys() == set(STRUCK)
    assert_reset(resetting, *STRUCK)


def test_after_each_of_fifty_rounds_of_vandalism_reset_leaves_nothing(resetting: Resetting) -> None:
    chance = random.Random("vandalism")
    for number in range(ROUNDS):
        vandalize(resetting, chance)
        report = resetting.reset(*STRUCK)
        assert report.verified, f"round {number}: {report.differences}"
        assert not report.mended, f"round {number}: {report.mended}"


def test_the_work_outlives_it_all(resetting: Resetting) -> None:
    resetting.lab.shell("echo precious > ~/work.txt")
    vandalize(resetting, random.Random("work"))
    assert_reset(resetting, *STRUCK)
    assert resetting.lab.shell("cat ~/work.txt").stdout == "precious\n"


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[Path]:
    """A lab whose echo does not empty /tmp, and whose toolbox does not empty /run/lab."""
    text = COMPOSE_FILE.read_text().replace("context: services", f"context: {COMPOSE_FILE.parent}/services")
    for before, after in (
        ("  echo:\n", "  echo:\n    environment: {LAB_WRITABLE: /dev/shm}\n"),
        ("      LAB_SHARED: /run/lab\n", ""),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    file = tmp_path / "compose.yaml"
    file.write_text(text)
    labctl("down", OTHER_LAB, "--discard-work")
    trusted = ("-f", str(file), "--trust")  # the images' folder is not below the file's
    finished = labctl(*trusted, "up", OTHER_LAB, "--service", "echo", "--service", "unix")
    assert finished.returncode == 0, finished.stderr
    yield file
    assert labctl("down", OTHER_LAB, "--discard-work").returncode == 0


def test_verify_names_what_a_reset_left_and_fails_when_it_stays(forgetful: Path) -> None:
    lab = RunningLab(f"lab-{OTHER_LAB}")
    lab.run("touch", "/tmp/left", service="echo")
    trusted = ("-f", str(forgetful), "--trust", "reset", OTHER_LAB, "--service")
    [unseen] = labctl_json(*trusted, "echo")
    assert unseen["made"] == {}
    assert unseen["verified"] is None
    [report] = labctl_json(*trusted, "echo", "--verify")
    assert report["made"] == {"echo": "file /tmp/left is there"}
    assert report["verified"] is True
    assert lab.run("ls", "/tmp", service="echo").stdout == ""
    lab.run("touch", "/run/lab/left")
    finished = labctl(*trusted, "client", "--verify")
    assert finished.returncode == 1
    assert "client is not pristine: file /run/lab/left is there" in finished.stdout
