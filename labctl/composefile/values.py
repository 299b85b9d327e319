"""Words of the Compose format that mean more than themselves: sizes, times, addresses, ports.

Pure functions from text. Each raises ValueError with a sentence that completes `services.x.key: ...`.
"""

import ipaddress
import re
from collections.abc import Iterable

from labctl.model import Listener, PublishedPort, RestartPolicy

LOOPBACK = ("127.0.0.1", "::1")
MAX_PORT = 65535
MAX_COUNT = 2**63 - 1  # what the Engine counts bytes and nanoseconds with

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
# No zero in front: YAML 1.1 reads 010 as eight.
_FRACTION = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
_SIZE = re.compile(r"((?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?) ?(?:([kmgt])i?)?b?", re.IGNORECASE)
_SIZE_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_DURATION = re.compile(
    r"(?=[0-9])"
    + "".join(rf"(?:([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?){unit})?" for unit in ("h", "m", "s", "ms", "us"))
)
_DURATION_UNITS_S = (3600.0, 60.0, 1.0, 1e-3, 1e-6)
_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_PORT = re.compile(r"(?:(?:(?P<ip>\[[^\[\]]*\]|[^\[\]:]*):)?(?P<host>[0-9-]*):)?(?P<container>[0-9-]+)")
_LISTENER = re.compile(r"([0-9]{1,5})(?:/(tcp|udp))?")


def shown(text: str) -> str:
    """Return a text quoted, on one line, and cut to what a message has room for."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def parse_flag(text: str) -> bool:
    """Return a truth value: `true` or `false`."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{shown(text)} is neither true nor false")
    return text.lower() == "true"


def parse_number(text: str, *, least: int = 0) -> int:
    """Return a whole number in decimal digits, no smaller than `least`."""
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise ValueError(f"{shown(text)} is no whole number from {least} on")
    return int(text)


def parse_cpus(text: str) -> float:
    """Return a number of CPUs, a fraction too; the Engine can share out hundredths."""
    if not _FRACTION.fullmatch(text) or float(text) < 0.01:
        raise ValueError(f"{shown(text)} is no number of CPUs from 0.01 on")
    return float(text)


def parse_size_bytes(text: str) -> int:
    """Return a size in bytes; `k`, `m`, `g`, `t` are powers of 1024."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no size such as 64m")
    size = int(float(match[1]) * (_SIZE_UNITS[match[2].lower()] if match[2] else 1))
    if size > MAX_COUNT:
        raise ValueError(f"{shown(text)} is more than the Engine can count")
    return size


def parse_memory_bytes(text: str) -> int:
    """Return a memory limit in bytes."""
    size = parse_size_bytes(text)
    if size < 6 * 1024**2:  # below it the Engine starts no container
        raise ValueError(f"{shown(text)} is less than a container can start with, 6m")
    return size


def parse_duration_s(text: str) -> float:
    """Return a time in seconds, from `1h30m`, `1.5s`, `200ms`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no time such as 1m30s")
    duration_s = sum(
        float(part) * unit for part, unit in zip(match.groups(), _DURATION_UNITS_S, strict=True) if part
    )
    if duration_s * 1e9 > MAX_COUNT:
        raise ValueError(f"{shown(text)} is longer than the Engine can count")
    return duration_s


def parse_period_s(text: str) -> float:
    """Return a time in seconds after which something is repeated, or fails."""
    duration_s = parse_duration_s(text)
    if duration_s < 0.001:  # the Engine takes 0 for "as the image says"
        raise ValueError(f"{shown(text)} is shorter than 1ms")
    return duration_s


def parse_host_name(text: str) -> str:
    """Return a name that hosts can call each other by."""
    if not _HOST_NAME.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is no name: 1 to 63 of letters, digits, '-', '_', '.',"
            " beginning and ending with a letter or digit"
        )
    return text


def parse_project_name(text: str) -> str:
    """Return a name that Compose can give a project."""
    if not _PROJECT_NAME.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is no name of a project: a-z, 0-9, '-' and '_', first a letter or digit"
        )
    return text


def parse_course(text: str) -> str:
    """Return a name that a course can have."""
    if not _PROJECT_NAME.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is no name of a course: a-z, 0-9, '-' and '_', first a letter or digit"
        )
    return text


def parse_address(text: str) -> str:
    """Return an IPv4 or IPv6 address, of no zone."""
    try:
        if "%" in text:
            raise ValueError(text)
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{shown(text)} is no IPv4 or IPv6 address") from None


def parse_subnet(text: str) -> str:
    """Return a subnet in CIDR form."""
    try:
        if "/" not in text or "%" in text:
            raise ValueError(text)
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        why = " (it has host bits set)" if "host bits" in str(error) else ""
        raise ValueError(f"{shown(text)} is no subnet such as 10.89.0.0/26{why}") from None


def parse_restart(text: str) -> RestartPolicy:
    """Return what happens when a container ends by itself; `on-failure:3` tries three times."""
    name, colon, retries = text.partition(":")
    if name not in ("no", "always", "unless-stopped", "on-failure") or (colon and name != "on-failure"):
        raise ValueError(f"{shown(text)} is none of 'no', always, unless-stopped, on-failure, on-failure:3")
    return RestartPolicy(name, parse_number(retries, least=1) if colon else 0)


def parse_listeners(text: str) -> tuple[Listener, ...]:
    """Return listeners from words such as `9999/tcp 9999/udp`."""
    listeners: dict[Listener, None] = {}
    for word in text.split():
        match = _LISTENER.fullmatch(word)
        if match is None or not 1 <= int(match[1]) <= MAX_PORT:
            raise ValueError(f"{shown(word)} is no listener such as 7/tcp")
        listener = Listener(int(match[1]), match[2] or "tcp")
        if listener in listeners:
            raise ValueError(f"{listener} stands twice")
        listeners[listener] = None
    if not listeners:
        raise ValueError("no listener such as 7/tcp")
    return tuple(listeners)


def parse_published_ports(text: str) -> list[PublishedPort]:
    """Return what `[IP:][HOST:]CONTAINER[/PROTOCOL]` publishes, one for each port of a range."""
    body, slash, protocol = text.partition("/")
    match = _PORT.fullmatch(body)
    if match is None:
        raise ValueError(f"{shown(text)} is no port such as 127.0.0.1:8080:80/tcp")
    address = (match["ip"] or "").removeprefix("[").removesuffix("]")
    return publish(address, match["host"] or "", match["container"], protocol if slash else "tcp")


def publish(address: str, host: str, container: str, protocol: str) -> list[PublishedPort]:
    """Return the published ports that four words describe.

    Args:
        address: of the host; only its loopback addresses are let through.
        host: a port of the host, or a range as `30000-30009`.
        container: a port of the container, or a range of the same length.
        protocol: `tcp` or `udp`.

    Raises:
        ValueError: one of them is not so.
    """
    if protocol not in ("tcp", "udp"):
        raise ValueError(f"protocol {shown(protocol)} is neither tcp nor udp")
    container_ports = _parse_port_range(container)
    host_ports = _parse_port_range(host) if host else range(0)
    address = parse_address(address) if address else ""
    if address not in LOOPBACK:
        everyone = shown(address) if address else "every address of the host"
        raise ValueError(
            f"published on {everyone}; publish on 127.0.0.1 only,"
            f" as 127.0.0.1:{host or container}:{container}"
        )
    if not host:
        raise ValueError(f"no port of the host for {container}, as 127.0.0.1:{container}:{container}")
    if len(host_ports) != len(container_ports):
        raise ValueError(f"{host} and {container} are not equally many ports")
    return [
        PublishedPort(Listener(inside, protocol), address, outside)
        for outside, inside in zip(host_ports, container_ports, strict=True)
    ]


def _parse_port_range(text: str) -> range:
    """Return the ports of `80` or `30000-30009`."""
    first, dash, last = text.partition("-")
    if not _is_port(first) or (dash and not _is_port(last)):
        raise ValueError(f"{shown(text)} is no port (1 to {MAX_PORT}) or range of ports")
    ports = range(int(first), int(last or first) + 1)
    if not ports:
        raise ValueError(f"range {shown(text)} runs backwards")
    return ports


def _is_port(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and 1 <= int(text) <= MAX_PORT


def find_overlap(subnets: Iterable[str]) -> tuple[str, str] | None:
    """Return two of some subnets that share addresses, if any do."""
    seen: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
    for subnet in map(ipaddress.ip_network, subnets):
        for other in seen:
            if subnet.version == other.version and subnet.overlaps(other):
                return str(other), str(subnet)
        seen.append(subnet)
    return None
