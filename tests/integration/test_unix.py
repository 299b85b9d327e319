"""Unix-domain sockets across containers: a shared folder, its rights, and what a killed server leaves."""

from tests.integration.labs import RunningLab, wait_until

STREAM = "/run/lab/stream"
CLIENT = ("python3", "-m", "services.client.programs", "unix_client")
SERVERS_ID = "cat /proc/1/task/1/children"


def answers(lab: RunningLab) -> bool:
    finished = lab.run(*CLIENT, "hello")
    return finished.returncode == 0 and "b'HELLO\\n'" in finished.stdout


def test_stream_and_datagram_answer_another_user_in_another_container(lab: RunningLab) -> None:
    assert lab.run("id", "-u").stdout != lab.run("id", "-u", service="unix").stdout
    assert answers(lab)
    finished = lab.run(*CLIENT, "--datagram", "hello", "")
    assert finished.returncode == 0, finished.stderr
    assert "received b'HELLO' from /run/lab/datagram" in finished.stdout


def test_a_client_can_neither_remove_nor_replace_the_servers_sockets(lab: RunningLab) -> None:
    for command in (f"rm -f {STREAM}", f"mv {STREAM} /run/lab/mine", f"ln -sf /tmp/x {STREAM}"):
        assert lab.shell(command).returncode != 0, command
    assert answers(lab)


def test_a_client_that_makes_the_server_answer_itself_starts_no_endless_exchange(lab: RunningLab) -> None:
    finished = lab.python(
        "import os, socket\n"
        "sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        "sock.bind('/run/lab/loop')\n"
        "os.unlink('/run/lab/loop')\n"
        "os.symlink('/run/lab/datagram', '/run/lab/loop')\n"
        "sock.sendto(b'again', '/run/lab/datagram')\n"
    )
    assert finished.returncode == 0, finished.stderr
    before = lab.container("unix").logs()
    assert answers(lab)
    lab.shell("rm /run/lab/loop")
    assert len(lab.container("unix").logs().splitlines()) - len(before.splitlines()) <= 3


def test_a_killed_server_leaves_its_sockets_and_the_next_one_replaces_them(lab: RunningLab) -> None:
    inode = lab.shell(f"stat -c %i {STREAM}").stdout
    lab.run("sh", "-c", f"kill -9 $({SERVERS_ID})", service="unix")
    wait_until(lambda: answers(lab), awaited="the server that the Engine started again")
    assert lab.shell(f"stat -c %i {STREAM}").stdout != inode
