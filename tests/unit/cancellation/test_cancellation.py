"""What Ctrl-C in the main thread ends in the others: pauses, pieces of work, waits for the Engine."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from docker.api.client import APIClient

from labctl.cancellation import Cancelled, cancel, ended_by
from labctl.docker_engine import DockerEngine
from labctl.engine import OutputLine
from labctl.errors import EngineError
from labctl.features.parallel import for_each
from labctl.waiting import wait_until

LONG_S = 600.0  # a wait that nothing ends: far longer than the busiest machine is slow
SOON_S = 60.0


@contextmanager
def cancelling_soon() -> Iterator[None]:
    """Give up a little later, from another thread, and assert that the body then ends by it."""
    began = time.monotonic()
    timer = threading.Timer(0.1, cancel)
    timer.start()
    try:
        with pytest.raises(Cancelled):
            yield
    finally:
        timer.join()
    assert time.monotonic() - began < SOON_S


def test_waiting_ends() -> None:
    with cancelling_soon():
        wait_until(lambda: False, timeout_s=LONG_S, pause_s=LONG_S)


def test_waiting_does_not_begin() -> None:
    cancel()
    with pytest.raises(Cancelled):
        wait_until(lambda: True, timeout_s=1)


def test_what_waits_for_a_worker_is_not_begun() -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        cancel()

    with pytest.raises(Cancelled):
        for_each(range(100), work)
    assert len(begun) < 20


def test_work_that_was_all_under_way_is_not_gone_on_from() -> None:
    with pytest.raises(Cancelled):
        for_each([1], lambda _: cancel())


def test_clearing_up_goes_through_and_nothing_else_does() -> None:
    done: list[str] = []

    def step(what: str) -> None:
        with ended_by(lambda: None):
            done.append(what)

    try:
        step("before")
        cancel()
        step("work")
    except Cancelled:
        with suppress(Cancelled):
            step("clearing up")
    assert done == ["before", "clearing up"]
    with pytest.raises(Cancelled):
        step("more work")


UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"


@contextmanager
def engine_at(path: Path, *, command_ends: bool) -> Iterator[DockerEngine]:
    """Answer, as an Engine does, to the making and starting of one command; then end it, or never."""
    test_is_over = threading.Event()
    connections: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        connection.sendall(UPGRADED)
        test_is_over.wait(0.05)  # the SDK loses what comes together with the head
        for printed in (b"a\nb", b"c\n"):
            connection.sendall(struct.pack(">BxxxL", 1, len(printed)) + printed)
        if command_ends:
            connection.shutdown(socket.SHUT_WR)
        connection.settimeout(SOON_S)
        assert connection.recv(1) == b"", "labctl does not close the connection"

    def answer(connection: socket.socket) -> None:
        asked = b""
        while not test_is_over.is_set():
            piece = connection.recv(65536)
            asked += piece
            if not piece:
                return
            if b"/start " in asked and b"}" in asked:
                with suppress(ConnectionError):  # whoever gave up has closed it already
                    talk(connection)
                return
            if b"}" in asked or b"/json " in asked:
                body = b'{"Id": "e1", "ExitCode": 7}'
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
                connection.sendall(f"{head}\r\n\r\n".encode() + body)
                asked = b""

    def serve(listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            if test_is_over.is_set():
                connection.close()
                return
            connections.append(connection)
            threads.append(threading.Thread(target=answer, args=(connection,)))
            threads[-1].start()

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threads = [threading.Thread(target=serve, args=(listener,))]
        threads[0].start()
        client = APIClient(base_url=f"unix://{path}", version="1.41")
        try:
            yield DockerEngine(client)
        finally:
            test_is_over.set()
            client.close()
            with socket.socket(socket.AF_UNIX) as last:
                last.connect(str(path))
            for thread in threads:
                thread.join()
            for connection in connections:
                connection.close()


RUN: dict[str, Callable[[DockerEngine], object]] = {
    "execute": lambda engine: engine.execute("c1", ["probe"], timeout_s=LONG_S),
    "stream": lambda engine: list(engine.stream("c1", ["checker"], timeout_s=LONG_S)),
}


@pytest.mark.parametrize("how", RUN)
def test_a_command_in_a_container_is_waited_for_no_longer(how: str, tmp_path: Path) -> None:
    with engine_at(tmp_path / "engine", command_ends=False) as engine, cancelling_soon():
        RUN[how](engine)


def test_what_a_command_printed_comes_whole_and_its_connection_is_closed(tmp_path: Path) -> None:
    with engine_at(tmp_path / "engine", command_ends=True) as engine:
        assert list(engine.stream("c1", ["checker"])) == [OutputLine("a"), OutputLine("bc")]
        finished = engine.execute("c1", ["probe"])
        assert (finished.exit_code, finished.output) == (7, "a\nbc\n")


@pytest.mark.parametrize("how", ["execute", "stream"])
def test_a_command_that_does_not_end_is_waited_for_until_its_deadline(how: str, tmp_path: Path) -> None:
    with (
        engine_at(tmp_path / "engine", command_ends=False) as engine,
        pytest.raises(EngineError, match=r"probe did not end within 0\.2 s"),
    ):
        list(getattr(engine, how)("c1", ["probe"], timeout_s=0.2))


def test_a_command_that_prints_without_end_is_cut_off(tmp_path: Path) -> None:
    with (
        engine_at(tmp_path / "engine", command_ends=True) as engine,
        pytest.raises(EngineError, match="probe printed more than 4 bytes"),
    ):
        engine.execute("c1", ["probe"], limit_bytes=4)


def test_nothing_is_asked_of_the_engine_any_more(tmp_path: Path) -> None:
    engine = DockerEngine(APIClient(base_url=f"unix://{tmp_path}/none", version="1.41"))
    cancel()
    for call in (engine.networks, lambda: engine.start("c1"), lambda: engine.remove_volume("precious")):
        with pytest.raises(Cancelled):
            call()
