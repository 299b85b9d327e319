"""`logs`: lines put together in bounded memory and linear time, and the exit code of what fails."""

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from labctl.cli.logs_verb import LONGEST_LINE_BYTES, split_lines
from labctl.cli.main import main
from labctl.errors import EngineError
from labctl.features.lifecycle.up import bring_up
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_put_together_however_they_are_cut(size: int) -> None:
    text = b"one\n\ntwo\r\nthree"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(split_lines(pieces)) == [b"one", b"", b"two\r", b"three"]


def test_a_line_without_an_end_is_given_in_parts_while_it_comes() -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            taken.append(number)
            yield b"x" * 1000

    parts = split_lines(endless())
    assert next(parts) == b"x" * LONGEST_LINE_BYTES
    assert len(taken) == LONGEST_LINE_BYTES // 1000 + 1
    assert sum(map(len, parts)) == 10_000_000 - LONGEST_LINE_BYTES


def test_a_large_piece_is_given_in_parts_and_its_end_with_the_line() -> None:
    long = b"x" * (2 * LONGEST_LINE_BYTES + 5)
    assert [len(each) for each in split_lines([long + b"\ny"])] == [*2 * [LONGEST_LINE_BYTES], 5, 1]


def test_an_engine_that_fails_in_one_log_ends_follow_with_its_error(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_up(engine, definition(), "ana", progress=lambda _: None)
    never = threading.Event()

    def logs(container_id: str, **_: object) -> Iterator[bytes]:
        yield b"a line\n"
        if container_id == engine.containers({})[0].id:
            raise EngineError("read the container's log", log="it went away")
        never.wait()

    monkeypatch.setattr(engine, "logs", logs)
    assert main(["logs", "ana", "--follow"]) == 1
    assert "it went away" in capsys.readouterr().err
    never.set()


def test_follow_ends_when_nobody_reads_any_more_though_nothing_is_written(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up(engine, definition(), "ana", progress=lambda _: None)
    never = threading.Event()

    def logs(container_id: str, **_: object) -> Iterator[bytes]:
        yield from ()
        never.wait()

    monkeypatch.setattr(engine, "logs", logs)
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        os.close(reading)
        assert main(["logs", "ana", "--follow"]) == 0
    never.set()
