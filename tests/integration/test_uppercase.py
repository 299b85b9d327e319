"""The uppercase servers: datagrams of every size, and who waits for whom."""

import pytest

from tests.integration.labs import RunningLab, wait_until

DATAGRAMS = """
import random, socket, sys
pairs = int(sys.argv[1])
rng = random.Random(4)
sizes = [0, 1, 65507, 65506] + [rng.randint(0, 65507) for _ in range(pairs - 4)]
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(2)
sock.connect((socket.gethostbyname("upper-udp"), 10000))
right = lost = 0
for size in sizes:
    message = rng.randbytes(size)
    for attempt in range(3):
        sock.send(message)
        try:
            right += sock.recv(65536) == message.upper()
            break
        except TimeoutError:
            lost += 1
print(right, lost)
"""

WAITING = """
import socket
first = socket.create_connection(("upper-tcp", 9999), timeout=5)
first.sendall(b"first\\n")
assert first.recv(100) == b"FIRST\\n"
second = socket.create_connection(("upper-tcp", 9999), timeout=1)
second.sendall(b"second\\n")
try:
    second.recv(100)
    print("the second did not wait")
except TimeoutError:
    print("waits")
first.sendall(b"\\n")
first.close()
second.settimeout(5)
print(second.recv(100))
"""

HELD = """
import socket, sys, time
host = sys.argv[1]
held = [socket.create_connection((host, 9999), timeout=10) for _ in range(50)]
for sock in held:
    sock.sendall(b"half a li")
began = time.monotonic()
with socket.create_connection((host, 9999), timeout=5) as sock:
    sock.sendall(b"hello\\n")
    assert sock.recv(100) == b"HELLO\\n"
print("delayed" if time.monotonic() - began > 1 else "at once")
for sock in held:
    sock.sendall(b"ne\\n")
print(sum(sock.recv(100) == b"HALF A LINE\\n" for sock in held))
"""

ONE_AFTER_ANOTHER = """
import socket
for number in range(200):
    with socket.create_connection(("forking", 9999), timeout=5) as sock:
        sock.sendall(b"x\\n\\n")
        assert sock.recv(100) == b"X\\n"
print("done")
"""

# One process that reads /proc: `docker top` leaves zombies out.
ZOMBIES = """
import pathlib
print(sum("\\nState:\\tZ" in path.read_text() for path in pathlib.Path("/proc").glob("[0-9]*/status")))
"""


def test_5000_datagram_pairs_of_every_size(lab: RunningLab) -> None:
    finished = lab.python(DATAGRAMS, "5000", timeout_s=180)
    assert finished.stdout.split()[:1] == ["5000"], finished.stdout + finished.stderr


def test_a_second_client_of_the_iterative_server_waits_for_the_first(lab: RunningLab) -> None:
    finished = lab.python(WAITING)
    assert finished.stdout.splitlines() == ["waits", "b'SECOND\\n'"], finished.stderr


@pytest.mark.parametrize("host", ["threading", "forking"])
def test_50_held_clients_delay_nobody(lab: RunningLab, host: str) -> None:
    finished = lab.python(HELD, host)
    assert finished.stdout.splitlines() == ["at once", "50"], finished.stderr


def test_no_zombie_is_left_after_200_clients_of_the_forking_server(lab: RunningLab) -> None:
    finished = lab.python(ONE_AFTER_ANOTHER)
    assert finished.stdout.strip() == "done", finished.stderr

    def zombies() -> str:
        return lab.run("python3", "-S", "-E", "-c", ZOMBIES, service="forking").stdout.strip()

    wait_until(lambda: zombies() == "0", awaited="every child of `forking` to be reaped", timeout_s=5)
