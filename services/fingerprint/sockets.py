"""The sockets of this container that wait for others; connections come and go and are no facts."""

import ipaddress
import struct
from pathlib import Path

from services.fingerprint import Facts

NET = Path("/proc/net")
LISTENING, UNCONNECTED = "0A", "07"  # states in /proc/net/tcp and, for UDP and raw, of who is bound
PROTOCOLS = {
    "tcp": LISTENING,
    "tcp6": LISTENING,
    "udp": UNCONNECTED,
    "udp6": UNCONNECTED,
    "udplite": UNCONNECTED,
    "udplite6": UNCONNECTED,
    "raw": UNCONNECTED,
    "raw6": UNCONNECTED,
    "icmp": UNCONNECTED,
    "icmp6": UNCONNECTED,
}
ENGINES_RESOLVER = "127.0.0.11"  # root's sockets there, on ports that chance gives
TYPES = {1: "stream", 2: "datagram", 5: "seqpacket"}
ACCEPTS = 0x10000  # unix(7): listen() was called


def parse_address(text: str) -> tuple[str, int]:
    """Return address and port from `0100007F:1F90`: 32-bit words in this machine's order of octets."""
    words, _, port = text.partition(":")
    octets = b"".join(
        struct.pack("=I", int(words[start : start + 8], 16)) for start in range(0, len(words), 8)
    )
    return str(ipaddress.ip_address(octets)), int(port, 16)


def parse_internet(protocol: str, text: str) -> Facts:
    """Return the waiting sockets in /proc/net/PROTOCOL, how often each is there."""
    counts: dict[str, int] = {}
    for line in text.splitlines()[1:]:
        columns = line.split()
        address, port = parse_address(columns[1])
        is_engines = address == ENGINES_RESOLVER and columns[7] == "0"
        if columns[3] == PROTOCOLS[protocol] and not is_engines:
            host = f"[{address}]" if ":" in address else address
            name = f"{protocol} {host}:{port}"
            counts[name] = counts.get(name, 0) + 1
    return {name: {"count": str(count)} for name, count in counts.items()}


def parse_unix(text: str) -> Facts:
    """Return the sockets in /proc/net/unix that have a name and wait: listening, or for datagrams."""
    facts: Facts = {}
    for line in text.splitlines()[1:]:
        columns = line.split(maxsplit=7)
        if len(columns) < 8:
            continue
        flags, kind, path = int(columns[3], 16), int(columns[4], 16), columns[7]
        if flags & ACCEPTS or kind == 2:
            facts[f"unix {path}"] = {
                "type": {1: "stream", 2: "datagram", 5: "seqpacket"}.get(kind, str(kind))
            }
    return facts


def parse_packet(text: str) -> Facts:
    """Return how many sockets in /proc/net/packet capture what passes."""
    count = len(text.splitlines()[1:])
    return {"packet": {"count": str(count)}} if count else {}


def read_sockets(net: Path = NET) -> Facts:
    """Return all waiting sockets of this network namespace."""
    facts: Facts = {}
    for protocol in PROTOCOLS:
        table = net / protocol
        if table.exists():
            facts |= parse_internet(protocol, table.read_text())
    facts |= parse_packet((net / "packet").read_text())
    return facts | parse_unix((net / "unix").read_text(errors="surrogateescape"))
