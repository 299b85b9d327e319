"""A vandal: does harm of several kinds, by chance that a seed repeats, in the container it runs in.

It is run as `python3 -c`, in a container, and so is text to its caller. When it has returned, the
harm is done, and what must go on goes on without it.

Usage: vandal.py SEED COUNT [shared]
"""

import contextlib
import mmap
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

NAMES = ["x", ".hidden", "-rf", "--", "new\nline", " ", "*", "\udcff\udcfe", "ü", "a" * 200]
chance = random.Random(int(sys.argv[1]))
places = ["/tmp", "/dev/shm", *(["/run/lab"] if "shared" in sys.argv[3:] else [])]


def in_background(work: Callable[[], object]) -> None:
    """Do something that stays, in a process that holds none of our streams."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        os.read(reader, 1)  # until it is done
        return
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    kept = work()  # noqa: F841
    os.write(writer, b".")
    while True:
        time.sleep(1000)


def path() -> Path:
    return Path(chance.choice(places), f"{chance.choice(NAMES)}{chance.randrange(1000)}")


def file() -> None:
    with path().open("wb") as it:
        it.write(chance.randbytes(chance.randrange(20_000)))
        os.fchmod(it.fileno(), chance.choice([0, 0o400, 0o666, 0o4755]))


def closed_folders() -> None:
    folders = [path()]
    for _ in range(3):
        folders.append(folders[-1] / "a")
    folders[-1].mkdir(parents=True)
    (folders[-1] / "file").touch()
    for folder in reversed(folders):
        folder.chmod(chance.choice([0, 0o100, 0o1777]))


def deep_folders() -> None:
    here = os.open("/tmp", os.O_RDONLY)
    for _ in range(chance.randrange(300)):
        with contextlib.suppress(FileExistsError):
            os.mkdir("deep", dir_fd=here)
        here, above = os.open("deep", os.O_RDONLY, dir_fd=here), here
        os.close(above)


def links_and_pipes() -> None:
    path().symlink_to(chance.choice(["/", "/home/student", "nowhere", "."]))
    os.mkfifo(path())
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(f"/tmp/{chance.randrange(1 << 40)}")


def sleeper() -> None:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.Signals)


def holder() -> object:
    held = os.open(f"/dev/shm/held{chance.randrange(1000)}", os.O_CREAT | os.O_RDWR)
    os.truncate(held, 1 << 20)
    return mmap.mmap(held, 1 << 20)


def stopped_server() -> None:
    for pid in Path("/proc/1/task/1/children").read_text().split():
        os.kill(int(pid), signal.SIGSTOP)


def system_v() -> None:
    for kind in (["-Q"], ["-M", "4096"], ["-S", "3"]):
        subprocess.run(["ipcmk", *kind], check=True, stdout=subprocess.DEVNULL)


def posix_queue() -> None:
    os.close(os.open(f"/dev/mqueue/{chance.randrange(1000)}", os.O_CREAT | os.O_RDWR))


def listener() -> object:
    family, address = chance.choice([(socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")])
    sock = socket.socket(family, chance.choice([socket.SOCK_STREAM, socket.SOCK_DGRAM]))
    sock.bind((address, 0))
    if sock.type == socket.SOCK_STREAM:
        sock.listen()
    return sock


def abstract_listener() -> object:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(f"\0{chance.randrange(1 << 40)}")
    sock.listen()
    return sock


def many() -> None:
    """Start some processes that take no signal; few enough to leave the memory to the others."""
    for _ in range(chance.randrange(8)):
        if os.fork() == 0:
            sleeper()
            while True:
                time.sleep(1000)


AT_ONCE: list[Callable[[], object]] = [
    file,
    closed_folders,
    deep_folders,
    links_and_pipes,
    system_v,
    posix_queue,
    stopped_server,
]
LASTING: list[Callable[[], object]] = [sleeper, holder, listener, abstract_listener, many]

for harm in chance.choices(AT_ONCE + LASTING, k=int(sys.argv[2])):
    if harm in LASTING:
        in_background(harm)
    else:
        harm()
