"""The Engine's multiplexed log: frames of either stream, one after the other."""

import struct

from labctl.docker_engine.log import split_frames


def frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


def test_frames_of_both_streams_come_in_their_order() -> None:
    octets = frame(1, b"out\n") + frame(2, b"err\n") + frame(1, b"")
    assert list(split_frames(octets)) == [b"out\n", b"err\n", b""]


def test_nothing_written_is_nothing() -> None:
    assert list(split_frames(b"")) == []
