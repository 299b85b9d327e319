"""What a hostile student finds in the toolbox: no way to the Engine, to root, or to the host's files."""

from pathlib import Path

from tests.integration.isolation.conftest import ATTACKER
from tests.integration.labs import RunningLab, labctl

NET_RAW = 1 << 13  # tcpdump's, by a file capability: the toolbox's one exception

# Each is one line of Python that must fail.
FORBIDDEN = {
    "be root": "os.setuid(0)",
    "be root of a new user namespace": "os.unshare(os.CLONE_NEWUSER)",
    "have a new network namespace": "os.unshare(os.CLONE_NEWNET)",
    "forge packets": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)",
    "forge frames": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "take another's address": "subprocess.run(['ip', 'addr', 'add', '10.0.0.1', 'dev', 'eth0'], check=True)",
    "change routes": "subprocess.run(['ip', 'route', 'del', 'default'], check=True)",
    "make a device": "os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))",
    "mount": "check(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "load a module": "check(libc.syscall(175, 0, 0, b''))",
    "set the clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "set the host's name": "socket.sethostname('mine')",
    "run faster than others": "os.nice(-5)",
    "have more open files": "resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 16, 1 << 16))",
    "have larger files": "resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))",
    "write to the image": "open('/opt/lab/services/mine', 'w')",
    "write to /etc": "open('/etc/mine', 'w')",
    "change a setting of the kernel": "open('/proc/sys/kernel/core_pattern', 'w')",
    "make the host reboot": "open('/proc/sysrq-trigger', 'w')",
    "loosen the own limits": "open('/sys/fs/cgroup/pids/pids.max', 'w')",
    "read the host's memory": "open('/dev/mem', 'rb')",
    "read the kernel's log": "check(libc.klogctl(3, ctypes.create_string_buffer(9), 9))",
}
TRY = """
import ctypes, os, resource, socket, subprocess, sys, time
if not hasattr(os, "unshare"):
    sys.exit("this Python is too old for the test")
libc = ctypes.CDLL(None, use_errno=True)
def check(returned):
    if returned < 0:
        raise OSError(ctypes.get_errno(), "")
for line in sys.argv[1:]:
    try:
        exec(line)
    except (OSError, ValueError, subprocess.CalledProcessError):
        continue
    print(line)
"""


def test_a_student_has_no_rights(attacker: RunningLab) -> None:
    for service, bounding in (("client", NET_RAW), ("echo", 0)):
        lines = attacker.run("cat", "/proc/self/status", service=service).stdout.splitlines()
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        held = {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")}
        assert set(held.values()) == {0}
        assert int(status["CapBnd"], 16) == bounding
        assert status["Seccomp"] == "2"
        assert "0" not in status["Uid"].split() + status["Gid"].split() + status["Groups"].split()


def test_a_student_gets_none(attacker: RunningLab) -> None:
    finished = attacker.python(TRY, *FORBIDDEN.values())
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == []


def test_only_the_students_own_places_can_be_written_to(attacker: RunningLab) -> None:
    found = attacker.shell("find / -path '/proc/[0-9]*' -prune -o -writable -type d -print 2>/dev/null")
    roots = {"/tmp", "/dev/shm", "/dev/mqueue", "/home/student", "/run/lab", "/var/lib/extrausers"}
    places = {Path(line) for line in found.stdout.splitlines()}
    assert {str(place) for place in places if not roots & {str(each) for each in place.parents}} == roots
    files = attacker.shell("find /sys /proc/sys /etc /opt /usr -writable ! -type l 2>/dev/null").stdout
    assert files == ""


def test_the_engine_is_nowhere_to_be_found(attacker: RunningLab) -> None:
    sockets = attacker.shell("find / -xdev -type s 2>/dev/null; find /run /var/run -type s").stdout
    assert {line for line in sockets.splitlines() if not line.startswith("/run/lab/")} == set()
    abstract = attacker.shell("grep -c @ /proc/net/unix").stdout.strip()
    assert abstract == "0"
    mounts = attacker.run("cat", "/proc/self/mounts").stdout
    assert "docker.sock" not in mounts
    assert attacker.shell("env | grep -i docker").stdout == ""


# The words are cut, so that the loop stops neither itself nor the shell that starts it.
STOP_THE_PROBE = """
import os, signal
while True:
    for each in filter(str.isdecimal, os.listdir("/proc")):
        try:
            words = open(f"/proc/{each}/cmdline", "rb").read()
            if b"pro" + b"be" in words or b"finger" + b"print" in words:
                os.kill(int(each), signal.SIGSTOP)
        except OSError:
            continue
"""


def test_a_student_cannot_stop_what_decides_for_labctl(attacker: RunningLab) -> None:
    """Readiness and the pristine comparison are asked in the toolbox, but not as the student."""
    started = attacker.shell(f"python3 -c '{STOP_THE_PROBE}' >/dev/null 2>&1 &")
    assert started.returncode == 0
    own = attacker.shell("(exec -a pro''be sleep 9) & sleep 1; cut -d' ' -f3 /proc/$!/stat; kill -KILL $!")
    assert own.stdout.strip() == "T", "the loop stops nothing"
    finished = labctl("up", ATTACKER)
    assert finished.returncode == 0, finished.stderr
    finished = labctl("reset", ATTACKER, "--service", "echo", "--verify")
    assert finished.returncode == 0, finished.stderr
    assert labctl("reset", ATTACKER, "--verify").returncode == 0
