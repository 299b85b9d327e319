"""What a right Compose file is read as."""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.composefile import read_definition
from labctl.errors import InputError
from labctl.model import (
    Build,
    Definition,
    Healthcheck,
    Listener,
    Mount,
    Network,
    PublishedPort,
    RestartPolicy,
    Service,
    Volume,
)

ROOT = Path(__file__).parents[3]
THE_FILE = ROOT / "compose.yaml"

Read = Callable[..., Definition]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text as if it were a lab's file."""

    def read_text(text: str, **environ: str) -> Definition:
        (tmp_path / "compose.yaml").write_text(text)
        return read_definition(tmp_path / "compose.yaml", environ)

    return read_text


@pytest.fixture
def read_service(read: Read) -> Callable[..., Service]:
    """Read a text as the further keys of one service."""

    def read_keys(keys: str, **environ: str) -> Service:
        lines = "".join(f"    {line}\n" for line in keys.strip().splitlines())
        text = f"services:\n  web:\n    image: labctl/server\n{lines}volumes:\n  work:\n"
        return read(text, **environ).services["web"]

    return read_keys


def test_the_labs_own_file_is_read() -> None:
    definition = read_definition(THE_FILE, {})
    echo = definition.services["echo"]
    assert definition.path == THE_FILE
    assert echo.image == "labctl/server"
    assert echo.build == Build(
        ROOT / "services", "Dockerfile", "server", {"BASE_IMAGE": "debian:trixie-slim"}
    )
    assert echo.command == ("python3", "-m", "services.echo.server")
    assert echo.ports == (PublishedPort(Listener(7, "tcp"), "127.0.0.1", 10000),)
    assert echo.listens == (Listener(7, "tcp"),)
    assert echo.probes == ("7/tcp ping => ping",)
    assert echo.healthcheck == Healthcheck(("CMD", "probe", "7/tcp ping => ping"), 300.0, 5.0, 0.0, 2)
    assert echo.restart == RestartPolicy("on-failure", 3)
    assert (echo.read_only, echo.cap_drop, echo.cap_add) == (True, ("ALL",), ())
    assert echo.security_opt == ("no-new-privileges:true",)
    assert (echo.mem_limit_bytes, echo.pids_limit, echo.cpus) == (64 * 1024**2, 128, 1.0)
    assert echo.tmpfs == {
        "/tmp": "size=16m,mode=1777,nr_inodes=4096",
        "/dev/shm": "size=8m,mode=1777,nr_inodes=4096",
    }
    assert (echo.dns, echo.dns_opt) == (("127.0.0.1",), ("ndots:0", "timeout:1", "attempts:1"))
    assert echo.stop_grace_period_s == 2.0
    assert echo.logging_driver == "json-file"
    assert echo.logging_options == {"max-size": "1m", "max-file": "2"}
    assert THE_FILE.read_text().splitlines()[echo.line - 1] == "  echo:"
    assert definition.services["mail"].aliases == ("smtp", "pop3")
    assert definition.services["mail"].mem_limit_bytes == 192 * 1024**2
    assert definition.services["threading"].probes == ("9999/tcp ping\\n => PING", "9999/udp ping => PING")


def test_the_labs_own_toolbox_network_and_volume_are_read() -> None:
    definition = read_definition(THE_FILE, {"LAB_IPV4_SUBNET": "10.89.0.64/26", "LAB_INTERNAL": "true"})
    assert definition.toolbox is definition.services["client"]
    assert definition.toolbox.cap_add == ("NET_RAW",)
    assert definition.toolbox.mounts == (
        Mount("volume", "work", "/home/student"),
        Mount("volume", "sockets", "/run/lab"),
    )
    assert definition.network.internal is True
    assert definition.network.enable_ipv6 is True
    assert definition.network.subnets == ("10.89.0.64/26", "fd6c:6162::/64")
    assert definition.network.driver_opts["com.docker.network.bridge.name"] == "lab-default"
    assert definition.volumes["work"] == Volume("work")


def test_compose_v1_takes_the_labs_own_file_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("no docker-compose here")
    for name in ("LAB_BASE_IMAGE", "LAB_INTERNAL", "LAB_IPV4_SUBNET", "LAB_IPV6_SUBNET"):
        monkeypatch.delenv(name, raising=False)
    run = subprocess.run(
        [compose, "-f", THE_FILE, "config", "-q"], capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_service_of_an_image_alone_has_the_models_defaults(read: Read) -> None:
    definition = read("services:\n  web:\n    image: x\n")
    assert definition.services == {"web": Service("web", "x", 2)}
    assert (definition.network, definition.volumes, definition.toolbox) == (Network(), {}, None)


def test_extension_keys_are_ignored_at_the_top_and_in_a_service(read: Read) -> None:
    definition = read("x-a: [1, {b: c}]\nservices:\n  x-b: 1\n  web: {image: x, x-c: $UNSET}\n")
    assert definition.services == {"web": Service("web", "x", 4)}


def test_the_obsolete_version_is_accepted(read: Read) -> None:
    assert read('version: "3.8"\nservices:\n  web: {image: x}\n').services["web"].image == "x"


def test_merge_keys_give_way_to_own_keys_and_to_earlier_merges(read: Read) -> None:
    text = """
x-base: &base {image: base, user: base, working_dir: /base}
x-more: &more {<<: *base, image: more, hostname: more}
services:
  one: {<<: *more, user: own}
  two: {user: own, <<: [*base, *more]}
"""
    services = read(text).services
    one, two = services["one"], services["two"]
    assert (one.image, one.user, one.working_dir, one.hostname) == ("more", "own", "/base", "more")
    assert (two.image, two.user, two.working_dir, two.hostname) == ("base", "own", "/base", "more")


def test_a_service_knows_the_line_of_its_name(read: Read) -> None:
    text = "x-a: &a\n  image: x\nservices:\n\n  one: *a\n  two:\n    image: y\n"
    assert {name: service.line for name, service in read(text).services.items()} == {"one": 5, "two": 6}


@pytest.mark.parametrize(
    ("short", "published"),
    [
        ('"127.0.0.1:8080:80"', [("127.0.0.1", 8080, 80, "tcp")]),
        ("127.0.0.1:8080:80/udp", [("127.0.0.1", 8080, 80, "udp")]),
        ('"[::1]:8080:80"', [("::1", 8080, 80, "tcp")]),
        ("127.0.0.1:8080-8081:80-81", [("127.0.0.1", 8080, 80, "tcp"), ("127.0.0.1", 8081, 81, "tcp")]),
        ("127.0.0.1:${PORT:-9}:80", [("127.0.0.1", 9, 80, "tcp")]),
        ("{target: 80, published: 8080, host_ip: 127.0.0.1}", [("127.0.0.1", 8080, 80, "tcp")]),
        ('{target: 9, published: "9", host_ip: "::1", protocol: udp}', [("::1", 9, 9, "udp")]),
    ],
)
def test_ports_are_read(
    short: str, published: list[tuple[str, int, int, str]], read_service: Callable[..., Service]
) -> None:
    assert read_service(f"ports:\n  - {short}").ports == tuple(
        PublishedPort(Listener(inside, protocol), address, outside)
        for address, outside, inside, protocol in published
    )


def test_one_port_number_may_serve_both_protocols_and_both_families(
    read_service: Callable[..., Service],
) -> None:
    service = read_service('ports: ["127.0.0.1:9:9", "127.0.0.1:9:9/udp", "[::1]:9:9"]')
    assert len(service.ports) == 3


def test_environment_is_a_mapping_or_a_list(read_service: Callable[..., Service]) -> None:
    mapping = read_service('environment: {A: one, B: 2, C: "", D: "a=b", E: "${X}"}', X="yes")
    as_list = read_service('environment: [A=one, B=2, C=, "D=a=b", "E=$X"]', X="yes")
    assert mapping.environment == as_list.environment
    assert mapping.environment == {"A": "one", "B": "2", "C": "", "D": "a=b", "E": "yes"}


def test_a_command_is_a_line_or_a_list(read_service: Callable[..., Service]) -> None:
    service = read_service("command: sh -c 'echo $$HOME'\nentrypoint: []")
    assert service.command == ("sh", "-c", "echo $HOME")
    assert service.entrypoint == ()
    assert read_service('command: [sh, ""]').command == ("sh", "")
    assert read_service("command:").command is None


def test_volumes_and_tmpfs_are_short_or_long(read_service: Callable[..., Service], tmp_path: Path) -> None:
    service = read_service("""
tmpfs: /run
volumes:
  - work:/work
  - ./files:/srv/files:ro
  - /usr/share/doc:/doc:rw
  - {type: volume, source: work, target: /again, read_only: true}
  - {type: bind, source: ../beside, target: /beside}
  - {type: tmpfs, target: /cache, tmpfs: {size: 1m}}
""")
    assert service.tmpfs == {"/run": "", "/cache": "size=1048576"}
    assert service.mounts == (
        Mount("volume", "work", "/work"),
        Mount("bind", f"{tmp_path}/files", "/srv/files", read_only=True),
        Mount("bind", "/usr/share/doc", "/doc"),
        Mount("volume", "work", "/again", read_only=True),
        Mount("bind", f"{tmp_path.parent}/beside", "/beside"),
    )


def test_a_healthcheck_is_a_line_or_words_or_disabled(read_service: Callable[..., Service]) -> None:
    line = read_service("healthcheck: {test: probe 7/tcp, interval: 1m30s, start_period: 200ms}")
    assert line.healthcheck == Healthcheck(("CMD-SHELL", "probe 7/tcp"), 90.0, 30.0, 0.2)
    for off in ("{disable: true}", "{test: [NONE]}"):
        assert read_service(f"healthcheck: {off}").healthcheck == Healthcheck(("NONE",))


def test_a_build_may_be_a_folder(read_service: Callable[..., Service], tmp_path: Path) -> None:
    assert read_service("build: ./image").build == Build(tmp_path / "image")
    assert read_service("build: .").build == Build(tmp_path)


def test_the_remaining_keys_are_read(read_service: Callable[..., Service]) -> None:
    service = read_service("""
user: "1000:1000"
hostname: web.lab.test
networks: [default]
pids_limit: -1
shm_size: 1.5m
ulimits: {nofile: 1024, nproc: {soft: 10, hard: 20}, core: -1}
sysctls: {net.ipv4.ip_forward: 0}
dns: 127.0.0.1
extra_hosts: ["a:10.0.0.1", "b:::1"]
restart: "no"
init: "true"
stop_signal: SIGINT
stop_grace_period: 0s
cap_add: [NET_RAW]
""")
    assert (service.user, service.hostname, service.aliases) == ("1000:1000", "web.lab.test", ())
    assert (service.pids_limit, service.shm_size_bytes) == (0, 1572864)
    assert service.ulimits == {"nofile": (1024, 1024), "nproc": (10, 20), "core": (-1, -1)}
    assert service.sysctls == {"net.ipv4.ip_forward": "0"}
    assert (service.dns, service.extra_hosts) == (("127.0.0.1",), ("a:10.0.0.1", "b:::1"))
    assert (service.restart, service.init) == (RestartPolicy("no"), True)
    assert (service.stop_signal, service.stop_grace_period_s) == ("SIGINT", 0.0)
    assert service.cap_add == ("NET_RAW",)


def test_variables_of_dotenv_are_used_and_the_environment_wins(read: Read, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# comment\n\nA=one # not this\nexport B='$two # this'\nC=\"${A} three\"\nD=four\nE=\n"
    )
    service = read("services:\n  web: {image: x, command: ['$A', $B, $C, $D, '$E']}\n", D="five").services[
        "web"
    ]
    assert service.command == ("one", "$two # this", "one three", "five", "")


def test_a_word_is_typed_after_its_variables_are_put_in(read: Read) -> None:
    text = "services:\n  web: {image: x, read_only: $A, pids_limit: $B, cpus: '$C', mem_limit: '${D}m'}\n"
    service = read(text, A="false", B="7", C="0.5", D="64").services["web"]
    assert (service.read_only, service.pids_limit, service.cpus) == (False, 7, 0.5)
    assert service.mem_limit_bytes == 64 * 1024**2


def test_a_mutilated_file_is_read_or_refused_in_one_line(tmp_path: Path) -> None:
    original = THE_FILE.read_bytes()
    dice = random.Random(2004)
    path = tmp_path / "compose.yaml"
    refused = 0
    for _ in range(200):
        octets = bytearray(original)
        for _ in range(dice.randint(1, 4)):
            start = dice.randrange(len(octets))
            piece = dice.choice(
                [b"", b":", b"&a ", b"*a", b"{", b"]", b"- ", b"\n", b"\x00", b"${", b"'", b"<<: "]
            )
            octets[start : start + dice.choice([0, 1, 5, 60])] = piece
        path.write_bytes(octets)
        try:
            read_definition(path, {})
        except InputError as error:
            refused += 1
            assert error.where.startswith(f"{path}:")
            assert len(error.render().splitlines()) == 1
    assert refused > 100
