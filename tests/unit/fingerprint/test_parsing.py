"""What the kernel's tables say, as facts: the samples are lines of real ones."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.fingerprint import Facts, files
from services.fingerprint import __main__ as program
from services.fingerprint.files import parse_mounts, read_files
from services.fingerprint.ipc import parse_table
from services.fingerprint.limits import read_limits
from services.fingerprint.network import (
    parse_hosts,
    parse_ipv4_addresses,
    parse_ipv4_routes,
    parse_ipv6_addresses,
    parse_ipv6_routes,
    parse_resolver,
    read_network,
)
from services.fingerprint.processes import (
    parse_argv,
    parse_environment,
    parse_limits,
    parse_stat,
    parse_status,
    read_processes,
)
from services.fingerprint.sockets import parse_address, parse_internet, parse_packet, parse_unix

STAT = "7 (a) b) T 1 7 1 0 -1 4194304 100 0 0 0 1 1 0 0 20 5 3 0 500 9000 700 18446744073709551615"
STAT += " 1 1 1 1 1 0 0 16781312 2 0 0 0 17 1 0 3 0 0 0 0 0 0 0 0 0 0"


def test_a_commands_name_may_hold_a_parenthesis_and_a_blank() -> None:
    state, parent, scheduling = parse_stat(STAT)
    assert (state, parent) == ("T", 1)
    assert scheduling == {"nice": "5", "priority": "0", "policy": "3"}


def test_arguments_are_words_and_those_that_are_no_text_survive() -> None:
    assert parse_argv(b"python3\0-m\0server\0") == "python3 -m server"
    assert parse_argv(b"\xff\0") == "\udcff"


def test_of_a_status_what_can_be_handed_down_counts() -> None:
    text = "Name:\tsleep\nUid:\t1000\t1000\t1000\t1000\nThreads:\t3\nCpus_allowed_list:\t0-1\n"
    assert parse_status(text) == {"Uid": "1000 1000 1000 1000", "Cpus_allowed_list": "0-1"}


def test_the_host_name_is_no_fact_of_the_environment() -> None:
    assert parse_environment(b"HOSTNAME=abc\0X=1=2\0") == {"X": {"value": "1=2"}}


def test_limits_are_soft_and_hard() -> None:
    text = "Limit                     Soft Limit           Hard Limit           Units     \n"
    text += "Max open files            64                   4096                 files     \n"
    text += "Max cpu time              unlimited            unlimited            seconds   \n"
    assert parse_limits(text) == {"Max open files": "64 4096", "Max cpu time": "unlimited unlimited"}


def process(proc: Path, pid: int, argv: str, parent: int, state: str = "S") -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    (folder / "stat").write_text(STAT.replace("(a) b) T 1", f"(a) b) {state} {parent}"))
    (folder / "status").write_text("Uid:\t1000\t1000\t1000\t1000\n")
    (folder / "limits").write_text("Limit\n")
    (folder / "cmdline").write_bytes(argv.replace(" ", "\0").encode() + b"\0")


def test_processes_are_told_apart_with_their_parents_and_without_us_or_the_dead(tmp_path: Path) -> None:
    process(tmp_path, 1, "init server", 0)
    process(tmp_path, 7, "server", 1, state="R")
    process(tmp_path, 8, "server", 7, state="T")
    process(tmp_path, 9, "gone", 1, state="Z")
    process(tmp_path, os.getpid(), "fingerprint", 0)
    facts = read_processes(tmp_path)
    assert {name: (each["parent"], each["state"]) for name, each in facts.items()} == {
        "init server": ("none", "S"),
        "server": ("init server", "S"),
        "server (2)": ("server", "T"),
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0100007F:1F90", ("127.0.0.1", 8080)),
        ("00000000000000000000000000000000:0007", ("::", 7)),
        ("00000000000000000000000001000000:0050", ("::1", 80)),
    ],
)
def test_addresses_are_read_in_the_machines_order(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 29 1 0
   1: 0B00007F:9C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 30 1 0
   2: 0100007F:1B58 0100007F:C001 06 00000000:00000000 00:00000000 00000000     0        0 0 3 0
"""


def test_listeners_count_and_neither_connections_nor_the_engines_resolver_do() -> None:
    assert parse_internet("tcp", TCP) == {"tcp 0.0.0.0:7000": {"count": "1"}}


def test_a_users_socket_does_not_hide_at_the_resolvers_address() -> None:
    assert parse_internet("tcp", TCP.replace("     0        0 30", "  1000        0 30")).keys() == {
        "tcp 0.0.0.0:7000",
        "tcp 127.0.0.11:40001",
    }


def test_unix_sockets_with_a_name_that_wait_count() -> None:
    text = """\
Num       RefCount Protocol Flags    Type St Inode Path
0000: 00000002 00000000 00010000 0001 01 1000 /tmp/with a blank
0000: 00000002 00000000 00000000 0002 01 1001 @abstract
0000: 00000003 00000000 00000000 0001 03 1002 /tmp/connected
0000: 00000003 00000000 00000000 0001 03 1003
"""
    assert parse_unix(text) == {
        "unix /tmp/with a blank": {"type": "stream"},
        "unix @abstract": {"type": "datagram"},
    }


def test_captures_are_counted() -> None:
    assert parse_packet("sk RefCnt Type\n") == {}
    assert parse_packet("sk RefCnt Type\n0 3 3\n") == {"packet": {"count": "1"}}


def test_system_v_objects_are_named_by_kind_and_key() -> None:
    text = "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid\n"
    text += "        -1          0   644           0          2     0     0  1000  1000\n"
    text += "         0          1   600           0          0     0     0  1000  1000\n"
    text += "         0          2   600           0          0     0     0  1000  1000\n"
    facts = parse_table("message queue", text)
    assert facts["message queue 0xffffffff"] == {"perms": "644", "qnum": "2", "uid": "1000"}
    assert facts.keys() >= {"message queue 0x0", "message queue 0x0 (2)"}


def test_routes_are_networks() -> None:
    text = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    text += "eth0\t00000000\t0100590A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    text += "eth0\t0000590A\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0\n"
    assert parse_ipv4_routes(text) == {
        "route 0.0.0.0/0": {"device": "eth0", "gateway": "10.89.0.1"},
        "route 10.89.0.0/26": {"device": "eth0", "gateway": "0.0.0.0"},
    }


def test_an_own_ipv6_address_is_told_as_its_subnet() -> None:
    address, zero = "fd6c6162000000000000000000000005", "0" * 32
    assert parse_ipv6_addresses(f"{address} 0d 40 00 80     eth0\n").keys() == {
        "address of eth0 in fd6c:6162::/64"
    }
    flags = "00000000 00000001 00000000 00000001"
    text = f"fd6c6162000000000000000000000000 40 {zero} 00 {zero} {flags}     eth0\n"
    text += f"{address} 80 {zero} 00 {zero} {flags}     eth0\n"
    text += f"ff000000000000000000000000000000 08 {zero} 00 {zero} {flags}     eth0\n"
    assert parse_ipv6_routes(text).keys() == {"route fd6c:6162::/64"}


def test_own_ipv4_addresses_are_found_in_the_routing_trie() -> None:
    text = """\
Main:
     +-- 10.89.0.0/26 2 0 2
        |-- 10.89.0.0
           /26 link UNICAST
        |-- 10.89.0.5
           /32 host LOCAL
Local:
        |-- 10.89.0.5
           /32 host LOCAL
"""
    assert parse_ipv4_addresses(text) == ["10.89.0.5"]


def test_the_own_line_of_a_hosts_file_is_the_same_in_every_container() -> None:
    assert parse_hosts("10.89.0.5\tabc\n", "abc") == parse_hosts("10.89.0.9\txyz\n", "xyz")
    assert parse_hosts("10.89.0.5\tabc\n", "abc") != parse_hosts("10.89.0.5\tother\n", "abc")


def test_comments_of_the_resolvers_file_are_no_facts() -> None:
    assert parse_resolver("# by hand\nnameserver 127.0.0.11\n").keys() == {
        "resolver line 'nameserver 127.0.0.11'"
    }


def test_writable_mounts_are_places_and_the_kernels_own_are_not() -> None:
    text = """\
22 1 0:21 / / ro,relatime - overlay overlay rw
23 22 0:22 / /tmp rw,nosuid - tmpfs tmpfs rw
24 22 0:23 / /proc rw,nosuid - proc proc rw
25 22 0:24 / /with\\040blank rw shared:1 - ext4 /dev/sda rw
"""
    assert parse_mounts(text) == ["/tmp", "/with blank"]


def test_files_are_told_with_type_mode_and_content_and_the_home_is_left_out(tmp_path: Path) -> None:
    place, home = tmp_path / "place", tmp_path / "home"
    for folder in (place, home):
        folder.mkdir()
        (folder / "file").write_bytes(b"abc")
    (place / "link").symlink_to("/nowhere")
    os.mkfifo(place / "pipe", 0o600)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(place / "socket"))
    mounts = tmp_path / "mountinfo"
    mounts.write_text("".join(f"1 1 0:1 / {each} rw - tmpfs tmpfs rw\n" for each in (place, home)))
    facts = read_files(left_out=str(home), mounts=mounts)
    told = {name.removeprefix(str(tmp_path)): each["type"] for name, each in facts.items()}
    assert told == {
        "/place": "folder",
        "/place/file": "file",
        "/place/link": "link",
        "/place/pipe": "pipe",
        "/place/socket": "socket",
    }
    before = facts[str(place / "file")]
    (place / "file").write_bytes(b"abd")
    assert read_files(left_out=str(home), mounts=mounts)[str(place / "file")] != before


def test_a_folder_that_is_closed_or_too_deep_for_a_path_breaks_nothing(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d" * 40, dir_fd=here)
        deeper = os.open("d" * 40, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    (tmp_path / "closed").mkdir(mode=0)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - tmpfs tmpfs rw\n")
    assert str(tmp_path / "closed") in read_files(left_out="/home", mounts=mounts)


def test_anothers_files_are_facts_but_in_a_folder_that_containers_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, shared = tmp_path / "place", tmp_path / "shared"
    for folder in (place, shared):
        folder.mkdir()
        (folder / "anothers").touch()
    mounts = tmp_path / "mountinfo"
    mounts.write_text("".join(f"1 1 0:1 / {each} rw - tmpfs tmpfs rw\n" for each in (place, shared)))
    monkeypatch.setattr(files, "read_owner", lambda: place.stat().st_uid + 1)
    facts = read_files(left_out="", shared=[str(shared)], mounts=mounts)
    assert facts.keys() == {str(place), str(place / "anothers"), str(shared)}


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_limits_are_read_by_either_version_of_control_groups(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("67108864\n")
    assert read_limits(tmp_path) == {Path(name).name: {"value": "67108864"}}


def test_a_second_address_in_a_subnet_and_an_interfaces_settings_are_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(2, "eth0")])
    text = {
        "net/route": "heading\neth0\t0000590A\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0\n",
        "net/fib_trie": "|-- 10.89.0.5\n/32 host LOCAL\n|-- 10.89.0.6\n/32 host LOCAL\n",
        "net/ipv6_route": "",
        "net/if_inet6": "".join(f"fd6c616200000000000000000000000{each} 0d 40 00 80 eth0\n" for each in "56"),
        "hosts": "",
        "resolv.conf": "",
        "eth0/mtu": "1500\n",
        "eth0/flags": "0x1003\n",
    }
    for name, content in text.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    facts = read_network(tmp_path, tmp_path, tmp_path)
    assert facts["address in 10.89.0.0/26"] == {"count": "2"}
    assert facts["address of eth0 in fd6c:6162::/64"] == {"count": "2"}
    assert facts["interface eth0"] == {"mtu": "1500", "flags": "0x1003"}


def test_the_program_is_given_the_folder_to_leave_out_and_those_that_are_shared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(*, left_out: str, shared: Sequence[str]) -> Facts:
        return {left_out: {"shared": " ".join(shared)}}

    for name in ("processes", "environment", "sockets", "ipc", "network", "limits"):
        monkeypatch.setattr(program, f"read_{name}", dict)
    monkeypatch.setattr(program, "read_files", read)
    assert program.settled_facts("/work", "/a", "/b")["file"] == {"/work": {"shared": "/a /b"}}
    assert program.settled_facts()["file"] == {"": {"shared": ""}}
