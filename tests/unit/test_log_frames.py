"""The Engine's multiplexed log: frames of either stream, one after the other."""

import struct

import pytest
from urllib3.exceptions import ProtocolError

from labctl.docker_engine.failures import translated_errors
from labctl.docker_engine.log import seconds_of, split_frames
from labctl.errors import EngineUnavailableError


def frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


def test_frames_of_both_streams_come_in_their_order() -> None:
    octets = frame(1, b"out\n") + frame(2, b"err\n") + frame(1, b"")
    assert list(split_frames(octets)) == [b"out\n", b"err\n", b""]


def test_nothing_written_is_nothing() -> None:
    assert list(split_frames(b"")) == []


@pytest.mark.parametrize("time", ["2026-11-21T04:18:51.800678720Z", "2026-11-21T06:18:51.80067872+02:00"])
def test_the_engines_time_is_asked_for_as_it_is_told(time: str) -> None:
    assert f"{seconds_of(time):.6f}" == "1795234731.800678"


def test_a_stream_that_breaks_off_is_an_engine_that_is_gone() -> None:
    with pytest.raises(EngineUnavailableError), translated_errors("read the container's log"):
        raise ProtocolError("Connection broken: IncompleteRead")
