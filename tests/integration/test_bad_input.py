"""Every server of the lab takes what no well-behaved client sends, and answers the next one."""

import pytest

from labctl.composefile import read_definition
from tests.integration.labs import COMPOSE_FILE, RunningLab, wait_until

TORMENTS = r"""
import random, select, socket, struct, sys, time
host, port, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rng = random.Random(f"{host}{port}")
def connect():
    return socket.create_connection((host, port), timeout=3)
def garbage():
    for size in (1, 64, 1024, 65536):
        with connect() as sock:
            sock.sendall(rng.randbytes(size))
def endless_line():
    with connect() as sock:
        sock.settimeout(2)
        try:
            for _ in range(300):
                sock.sendall(b"x" * 4096)
        except OSError:
            pass
def huge_header():
    with connect() as sock:
        try:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 65536 + b"\r\n\r\n")
        except OSError:
            pass
def reset():
    for _ in range(10):
        sock = connect()
        sock.sendall(b"GET / HT")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
def half_open():
    socks = [connect() for _ in range(5)]
    for sock in socks:
        sock.shutdown(socket.SHUT_WR)
    time.sleep(0.2)
def nulls():
    with connect() as sock:
        sock.sendall(b"\0" * 1000 + b"\r\n\r\n")
globals()[kind]()
"""

TCP_SERVERS = [
    (service.name, listener.port)
    for service in read_definition(COMPOSE_FILE, {}).services.values()
    for listener in service.listens
    if listener.protocol == "tcp"
]


@pytest.mark.parametrize("torment", ["garbage", "endless_line", "huge_header", "reset", "half_open", "nulls"])
@pytest.mark.parametrize(("service", "port"), TCP_SERVERS)
def test_a_server_answers_after(lab: RunningLab, service: str, port: int, torment: str) -> None:
    started = lab.container(service).attrs["State"]["StartedAt"]
    finished = lab.python(TORMENTS, service, str(port), torment, timeout_s=60)
    assert finished.returncode == 0, finished.stderr
    lab.wait_until_answers(service, timeout_s=10)
    container = lab.container(service)
    assert container.attrs["State"]["StartedAt"] == started, "it was restarted"
    assert "Traceback" not in container.logs(tail=50).decode(errors="replace")


@pytest.mark.parametrize("service", sorted({service for service, _ in TCP_SERVERS}))
def test_a_server_stops_within_a_second(lab: RunningLab, service: str) -> None:
    container = lab.container(service)
    container.kill("TERM")
    try:
        wait_until(lambda: container_ended(lab, service), awaited=f"{service} to stop", timeout_s=1)
    finally:
        container.start()
        lab.wait_until_answers(service)


def container_ended(lab: RunningLab, service: str) -> bool:
    return bool(lab.container(service).status == "exited")
