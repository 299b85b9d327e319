"""What every container is denied, read from the Engine and tried from inside."""

import shutil
import subprocess

import pytest

from labctl.composefile import read_definition
from tests.integration.labs import COMPOSE_FILE, RunningLab

SERVICES = sorted(read_definition(COMPOSE_FILE, {}).services)


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_has_no_more_than_it_needs(lab: RunningLab, service: str) -> None:
    container = lab.container(service)
    host = container.attrs["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert not host["Privileged"]
    assert host["CapDrop"] == ["ALL"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["NanoCpus"] > 0
    assert host["LogConfig"]["Config"]["max-size"]
    assert "docker.sock" not in str(container.attrs["Mounts"])
    toolbox = container.labels.get("lab.role") == "toolbox"
    assert (host["CapAdd"] or []) in (["NET_RAW"], ["CAP_NET_RAW"]) if toolbox else not host["CapAdd"]
    assert toolbox or host["SecurityOpt"] == ["no-new-privileges:true"]
    assert lab.run("id", "-u", service=service).stdout.strip() != "0"
    assert lab.run("touch", "/opt/lab/x", service=service).returncode != 0


def test_the_toolbox_has_no_setuid_program_and_one_file_capability(lab: RunningLab) -> None:
    assert lab.shell("find / -xdev -perm /6000 -type f 2>/dev/null").stdout == ""
    assert lab.shell("/sbin/getcap -r / 2>/dev/null").stdout.split() == ["/usr/bin/tcpdump", "cap_net_raw=ep"]


def test_the_classic_tools_work_in_the_toolbox(lab: RunningLab) -> None:
    for command in (
        "ping -c 1 -W 2 echo",
        "ping -6 -c 1 -W 2 echo",
        "ss -tln",
        "netstat -tln",
        "dig +short echo | grep -q '^10[.]'",
        "getent services smtp",
        "python3 -c 'import requests'",
        "timeout 5 tcpdump -c 1 -i any -w /tmp/capture udp & sleep 1; dig +short echo; wait %1",
    ):
        finished = lab.shell(command)
        assert finished.returncode == 0, f"{command}: {finished.stdout}{finished.stderr}"


def test_an_unknown_name_fails_at_once(lab: RunningLab) -> None:
    finished = lab.shell("time -p getent ahosts nosuch")
    assert finished.returncode != 0
    [real] = [line.split()[1] for line in finished.stderr.splitlines() if line.startswith("real")]
    assert float(real) < 3


def test_pid_1_reaps_orphans_and_resets_in_place(lab: RunningLab) -> None:
    container = lab.container("echo")
    lab.run("sh", "-c", "(sleep 0.1 &) ; touch /tmp/litter", service="echo")
    container.kill("HUP")
    lab.wait_until_answers("echo", timeout_s=5)
    assert lab.run("ls", "/tmp", service="echo").stdout == ""
    processes = lab.run("sh", "-c", "cd /proc && ls -d [0-9]*", service="echo").stdout.split()
    assert len(processes) <= 4  # PID 1, the server, and the two that look


def test_published_ports_are_on_loopback_only() -> None:
    ports = [port for s in read_definition(COMPOSE_FILE, {}).services.values() for port in s.ports]
    assert ports
    assert {port.host_ip for port in ports} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "compose", [["docker", "compose"], ["docker-compose"]], ids=["v2", "the distribution's own"]
)
def test_compose_takes_the_file_as_it_is(compose: list[str]) -> None:
    if shutil.which(compose[0]) is None:
        pytest.skip("this distribution has no Compose 1.29")
    finished = subprocess.run(
        [*compose, "-f", str(COMPOSE_FILE), "config", "-q"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
