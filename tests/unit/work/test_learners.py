"""A home's tar made the learner's, and what a snapshot from elsewhere may not have."""

import io
import itertools
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.errors import InputError
from labctl.features.work import members
from labctl.features.work.contents import read_contents
from labctl.features.work.learners import as_learners, owner_of
from labctl.features.work.members import BadTarError, TooLargeError
from labctl.features.work.snapshot import open_snapshot
from tests.crafted_snapshot import ATTACKS, craft_snapshot, home_with
from tests.unit.fake_engine import packed_home

PLAIN = home_with()


@pytest.mark.parametrize(
    "name", ["root's", "of root's group", "somebody else's", "setuid", "setgid", "with capabilities"]
)
def test_what_a_home_has_beyond_a_plain_file_is_left_out(name: str) -> None:
    assert read_contents(as_learners([ATTACKS[name]], (1000, 1000))) == read_contents([PLAIN])


def test_everything_belongs_to_the_owner_of_a_new_home() -> None:
    tar = b"".join(as_learners([PLAIN], (7, 8)))
    with tarfile.open(fileobj=io.BytesIO(tar)) as unpacked:
        assert {(each.uid, each.gid) for each in unpacked} == {(7, 8)}
    assert owner_of([tar]) == (7, 8)


def test_without_a_new_home_it_belongs_to_whom_the_home_belongs() -> None:
    assert owner_of(as_learners([ATTACKS["root's"]], None)) == (1000, 1000)


@pytest.mark.parametrize("piece", [1, 511, 512, 100_000])
def test_content_names_and_links_come_through_however_it_is_cut(piece: int) -> None:
    files = {"a": b"", "b": b"x" * 511, "c": b"y" * 512, "d" * 250: b"z" * 70_000, "e\udcff": b"1"}
    tar = packed_home({name: octets for name, octets in files.items() if name.isascii()})
    cut = (tar[at : at + piece] for at in range(0, len(tar), piece))
    assert read_contents(as_learners(cut, (0, 0))) == read_contents([tar])


def test_names_may_be_any_octets() -> None:
    tar = home_with(name="ü \udcff\udcfe", type=tarfile.SYMTYPE, linkname="\udcff")
    plain = b"".join(as_learners([tar], None))
    assert read_contents([plain]) == read_contents([tar])
    assert "ü ".encode() + b"\xff\xfe" in plain


def test_users_and_groups_have_no_names() -> None:
    tar = b"".join(as_learners([home_with(uname="ana", gname="staff")], None))
    with tarfile.open(fileobj=io.BytesIO(tar)) as unpacked:
        assert {(each.uname, each.gname) for each in unpacked} == {("", "")}


def test_times_that_the_engine_does_not_set_are_none() -> None:
    for time in (-1.5, 1e30):
        assert read_contents(as_learners([home_with(mtime=time)], None)) == read_contents([PLAIN])


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_snapshot_from_elsewhere_is_refused_by_the_name_of_what_is_wrong(
    attack: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "crafted.tar"
    file.write_bytes(craft_snapshot(attack))
    with pytest.raises(InputError, match="work/") as caught, open_snapshot(file) as snapshot:
        snapshot.check_contents()
    assert caught.value.where == str(file)
    assert len(caught.value.what) < 200


def test_a_header_is_not_read_when_it_is_too_large() -> None:
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 200 << 20
    passed = 0

    def endless() -> Iterator[bytes]:
        nonlocal passed
        yield header.tobuf()
        for _ in range(200):
            passed += 1
            yield bytes(1 << 20)

    with pytest.raises(BadTarError, match="header is larger"):
        read_contents(endless())
    assert passed < 3


def test_no_end_of_a_tar_is_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MAX_TAR_BYTES", 1 << 24)
    with pytest.raises(TooLargeError, match="larger than 16 MiB"):
        read_contents(itertools.chain([PLAIN], itertools.repeat(bytes(1 << 20))))


def test_a_home_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    tar = packed_home({"a": b"x" * 1000, "b": b"y" * 1000})
    monkeypatch.setattr(members, "MAX_BYTES", 1999)
    with pytest.raises(TooLargeError, match="MiB"):
        read_contents([tar])
    monkeypatch.setattr(members, "MAX_BYTES", 2000)
    monkeypatch.setattr(members, "MAX_ENTRIES", 2)
    with pytest.raises(TooLargeError, match="more than 2 files"):
        read_contents([tar])
