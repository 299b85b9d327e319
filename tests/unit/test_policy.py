"""What a Compose file may ask for without being trusted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.composefile import read_definition
from labctl.policy import Excess, excess_lines, find_excesses, find_unsafe_images

ROOT = Path(__file__).parents[2]
Asked = Callable[[str], list[str]]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """What a service with one more line asks for beyond the policy."""

    def find(line: str) -> list[str]:
        path = tmp_path / "course" / "compose.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"services:\n  web:\n    image: web\n    {line}\n")
        return [each.what for each in find_excesses(read_definition(path, {}))]

    return find


def test_the_courses_own_file_needs_no_trust() -> None:
    assert find_excesses(read_definition(ROOT / "compose.yaml", {})) == []


def test_what_many_services_ask_for_is_told_once(tmp_path: Path) -> None:
    services = "".join(f"  s{number}: {{image: web, build: /srv}}\n" for number in range(25))
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    excesses = find_excesses(read_definition(tmp_path / "compose.yaml", {}))
    assert excess_lines(excesses) == ["service 's0' asks for an image built from /srv (and 24 more)"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("volumes: [/etc:/mnt]", "the host's folder /etc"),
        ("volumes: ['..:/mnt']", "the host's folder"),
        ("volumes: [{type: bind, source: /srv, target: /mnt, read_only: true}]", "the host's folder /srv"),
        ("user: root", "user root"),
        ("user: '0'", "user 0"),
        ("user: '00:0'", "user 00:0"),
        ("user: '1000:0'", "user 1000:0"),
        ("user: '1000'", "user 1000"),
        ("user: student", "user student"),
        ("user: 'student:1000'", "user student:1000"),
        ("user: '1000:1000:1000'", "user 1000:1000:1000"),
        ("user: '1000:\N{SUPERSCRIPT TWO}'", "user 1000:"),
        ("cap_add: [SYS_ADMIN]", "capability SYS_ADMIN"),
        ("cap_add: [CAP_NET_ADMIN, NET_RAW]", "capability CAP_NET_ADMIN"),
        ("security_opt: [apparmor=unconfined]", "security option apparmor=unconfined"),
        ("security_opt: [seccomp=unconfined]", "security option seccomp=unconfined"),
        ("logging: {driver: syslog, options: {syslog-address: 'tcp://1.2.3.4'}}", "logging driver syslog"),
        ("build: /srv", "an image built from /srv"),
        ("build: {context: ., dockerfile: /etc/shadow}", "an image built from /etc/shadow"),
        ("build: {context: ., dockerfile: ../../Dockerfile}", "an image built from"),
    ],
)
def test_what_exceeds_the_policy_is_listed(line: str, what: str, asked: Asked) -> None:
    found = asked(line)
    assert found
    assert all(what in each for each in found)


@pytest.mark.parametrize(
    "line",
    [
        "volumes: ['./files:/mnt', '.:/all:ro']",
        "user: '1000:1000'",
        "cap_add: [NET_RAW]",
        "cap_add: [CAP_NET_RAW]",
        "security_opt: ['no-new-privileges:true']",
        "logging: {driver: local}",
        "build: ./image",
        "sysctls: {net.ipv4.ip_forward: 1}",
    ],
)
def test_what_a_course_needs_is_within_the_policy(line: str, asked: Asked) -> None:
    assert asked(line) == []


def test_a_symbolic_link_out_of_the_folder_is_followed_before_it_is_judged(
    asked: Asked, tmp_path: Path
) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "files").symlink_to("/etc")
    assert asked("volumes: ['./files:/mnt']") == [f"the host's folder {tmp_path}/course/files"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("driver: nfs", "volume driver nfs"),
        ("driver_opts: {type: none, o: bind, device: /etc}", "a mount of /etc (type none)"),
        ("driver_opts: {type: ext4, device: /dev/sda1}", "a mount of /dev/sda1 (type ext4)"),
        ("driver_opts: {o: bind, device: /etc}", "a mount of /etc (type not given)"),
        ("driver_opts: {type: nfs}", "a mount of the host (type nfs)"),
    ],
)
def test_a_volume_that_is_the_hosts_is_listed(options: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(f"services: {{web: {{image: web}}}}\nvolumes:\n  v:\n    {options}\n")
    assert [each.what for each in find_excesses(read_definition(path, {}))] == [what]


def test_services_and_volumes_are_listed_together(tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  a: {image: x, user: root}\nvolumes:\n  v: {driver: nfs}\n")
    found = find_excesses(read_definition(path, {}))
    assert found == [Excess("service 'a'", 2, "user root"), Excess("volume 'v'", 0, "volume driver nfs")]
    assert excess_lines(found) == ["service 'a' asks for user root", "volume 'v' asks for volume driver nfs"]


def test_variables_from_elsewhere_are_listed(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("A=1\n")
    assert asked("env_file: ../secrets.env") == [f"the variables of {tmp_path}/secrets.env"]
    (tmp_path / "course" / "own.env").write_text("A=1\n")
    assert asked("env_file: own.env") == []


def test_each_service_is_listed_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  a: {image: x, user: root}\n  b: {image: x, user: root, cap_add: [BPF]}\n")
    found = find_excesses(read_definition(path, {}))
    assert [(each.where, each.line) for each in found] == [("service 'a'", 2)] + [("service 'b'", 3)] * 2


@pytest.mark.parametrize("user", ["", "root", "0", "1000", "nobody", "1000:0", "nobody:1000"])
def test_an_image_that_may_run_as_root_is_listed(user: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  a: {image: x}\n  b: {image: x, user: '7:7'}\n  c: {image: y}\n")
    whole = read_definition(path, {})
    told = f"user {user or 'root'}, as image x says"
    assert find_unsafe_images(whole, {"x": user, "y": "7:7"}) == [Excess("service 'a'", 2, told)]
    assert find_unsafe_images(whole, {}) == []  # not here yet
