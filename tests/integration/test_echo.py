"""The echo server under load, from a client container."""

from tests.integration.labs import RunningLab

BIG_TRANSFER = """
import hashlib, socket, sys, threading
size = int(sys.argv[1])
block = bytes(range(256)) * 4096
with socket.create_connection(("echo", 7), timeout=60) as sock:
    def send():
        for _ in range(size // len(block)):
            sock.sendall(block)
        sock.shutdown(socket.SHUT_WR)
    threading.Thread(target=send).start()
    sent, got = hashlib.sha256(), hashlib.sha256()
    for _ in range(size // len(block)):
        sent.update(block)
    count = 0
    while piece := sock.recv(1 << 16):
        got.update(piece)
        count += len(piece)
print(count, sent.hexdigest() == got.hexdigest())
"""

MANY_CLIENTS = """
import socket, sys
count = int(sys.argv[1])
socks = [socket.create_connection(("echo", 7), timeout=20) for _ in range(count)]
for number, sock in enumerate(socks):
    sock.sendall(b"I am client %05d" % number)
right = 0
for number, sock in enumerate(socks):
    want = b"I am client %05d" % number
    got = b""
    while len(got) < len(want):
        got += sock.recv(len(want) - len(got))
    right += got == want
print(right)
"""


def test_64_mebibytes_come_back_with_the_same_digest(lab: RunningLab) -> None:
    size = 64 * 1024 * 1024
    finished = lab.python(BIG_TRANSFER, str(size))
    assert finished.stdout.split() == [str(size), "True"], finished.stderr


def test_500_clients_at_once_each_get_their_own_octets(lab: RunningLab) -> None:
    finished = lab.python(MANY_CLIENTS, "500")
    assert finished.stdout.strip() == "500", finished.stderr


def test_netcat_gets_its_echo_and_an_end(lab: RunningLab) -> None:
    finished = lab.run("nc", "-N", "-w", "5", "echo", "7", stdin="one\ntwo\n")
    assert finished.stdout == "one\ntwo\n"


def test_telnet_gets_its_echo(lab: RunningLab) -> None:
    finished = lab.shell("(echo hello; sleep 1) | telnet echo 7")
    assert "Connected to echo" in finished.stdout
    assert "hello" in finished.stdout


def test_each_conversation_leaves_one_line_in_the_log(lab: RunningLab) -> None:
    lab.run("nc", "-N", "-w", "5", "echo", "7", stdin="a line of its own, 33 octets long")
    log = lab.container("echo").logs(tail=20).decode()
    assert [line for line in log.splitlines() if "33 octets" in line], log
