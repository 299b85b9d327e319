"""Findings on the machine's network: what would clash with the labs', or starve them."""

import errno
import os
import socket
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path

from labctl.engine import Engine
from labctl.features.doctor.findings import Finding
from labctl.features.lifecycle.routes import ROUTES, read_routes
from labctl.features.lifecycle.subnets import SIZE, read_pools
from labctl.labels import PROJECT
from labctl.model import DEFAULT_LAB, Definition, PublishedPort, project_name

BRIDGE_MTU = 1500  # of every network the Engine creates by default


def examine_ipv6() -> Finding:
    """Tell whether the kernel speaks IPv6, which every lab uses."""
    switch = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
    if not switch.exists():
        return Finding("IPv6", False, "the kernel has none", "boot without ipv6.disable=1")
    if switch.read_text().strip() != "0":
        return Finding("IPv6", False, "switched off", "sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0")
    return Finding("IPv6", True, "on")


def examine_subnets(labs: int) -> Finding:
    """Tell whether the labs' subnets have room beside the machine's routes, a VPN's for example."""
    pool = read_pools(os.environ).ipv4
    routes = [each for each in map(ip_network, read_routes()) if each.version == pool.version]
    free = sum(not any(each.overlaps(route) for route in routes) for each in pool.subnets(new_prefix=SIZE))
    what = f"{free} of the labs' subnets are free in {pool}"
    blockers = [str(route) for route in routes if route.overlaps(pool)]
    if free < labs:
        return Finding(
            "subnets", False, f"{what}; the routes to {', '.join(blockers)} take it", "ip -4 route"
        )
    return Finding("subnets", True, what)


def examine_mtu() -> Finding:
    """Tell whether packets of the size the Engine's networks use fit through the way out.

    Where they do not, as with many VPNs, small requests work and large ones hang.
    """
    interface = find_way_out(ROUTES.read_text().splitlines() if ROUTES.exists() else [])
    if interface is None:
        return Finding("MTU", True, "no way out, so none too narrow")
    mtu = int((Path("/sys/class/net") / interface / "mtu").read_text())
    if mtu < BRIDGE_MTU:
        what = f"{interface} carries {mtu} bytes, the Engine's networks {BRIDGE_MTU}: builds may hang"
        hint = f"""put {{"mtu": {mtu}}} into /etc/docker/daemon.json and restart the Engine"""
        return Finding("MTU", False, what, hint, optional=True)
    return Finding("MTU", True, f"{mtu} by {interface}")


def find_way_out(routes: Iterable[str]) -> str | None:
    """Return the interface of the default route, given the lines of the kernel's table."""
    for route in routes:
        columns = route.split()
        if len(columns) > 7 and columns[1] == columns[7] == "00000000":
            return columns[0]
    return None


def examine_ports(engine: Engine, definition: Definition) -> Finding:
    """Tell whether other programs have the ports that the default lab publishes."""
    ports = [port for service in definition.services.values() for port in service.ports]
    if any(each.state == "running" for each in engine.containers({PROJECT: project_name(DEFAULT_LAB)})):
        return Finding("ports", True, "in use by the default lab, which runs")
    taken = sorted({f"{each.host_port}/{each.listener.protocol}" for each in ports if _is_taken(each)})
    if taken:
        hint = f"ss -lntup | grep -E ':({'|'.join(port.partition('/')[0] for port in taken)})\\b'"
        return Finding("ports", False, f"taken by other programs: {', '.join(taken)}", hint)
    return Finding("ports", True, f"all {len(ports)} that the default lab publishes are free")


def _is_taken(port: PublishedPort) -> bool:
    host = port.host_ip or "0.0.0.0"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = socket.SOCK_DGRAM if port.listener.protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:  # what an ended conversation left does not matter
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port.host_port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
