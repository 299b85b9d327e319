"""The snapshot's file: read by any tar, and refused when a single octet is not as it was."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from labctl.errors import InputError
from labctl.features.work.members import PIECE_BYTES, BadTarError
from labctl.features.work.snapshot import open_snapshot, write_snapshot
from tests.unit.fake_engine import packed_home

MANIFEST = (
    b'{"format": "labctl work snapshot", "version": 1, "lab": "ana", "time": "2026-01-01T00:00:00", '
    + (b'"reason": "asked for", "entries": 0, "octets": 0, "digest": ""}')
)
FILES = {"work.py": b"print('precious')\n", "data": bytes(range(256))}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.tar"
    with path.open("wb") as file:
        write_snapshot(
            file, [packed_home(FILES)], lab="ana", time="2026-01-01T00:00:00+00:00", reason="asked for"
        )
    return path


def check(path: Path) -> None:
    with open_snapshot(path) as snapshot:
        snapshot.check_contents()


def repacked(path: Path, **members: bytes) -> Path:
    """Write the snapshot again with other members, their checksums right: as a forger would."""
    with tarfile.open(path) as tar:
        found = {name: tar.extractfile(name) for name in tar.getnames()}
        octets = {name: file.read() for name, file in found.items() if file}
    octets |= {name.replace("_", "."): content for name, content in members.items()}
    sums = [
        f"{hashlib.sha256(octets[name]).hexdigest()}  {name}\n" for name in ("home.tar.gz", "manifest.json")
    ]
    octets["SHA256SUMS"] = "".join(sums).encode()
    forged = path.with_name("forged.tar")
    blocks = b""
    for name, content in octets.items():
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        blocks += info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)
    forged.write_bytes(blocks + bytes(1024))
    return forged


def test_it_gives_back_what_was_put_in(whole: Path) -> None:
    with open_snapshot(whole) as snapshot:
        snapshot.check_contents()
        assert snapshot.manifest.lab == "ana"
        assert snapshot.manifest.contents.entries == 2
        assert b"".join(snapshot.tar()) == packed_home(FILES)


def test_standard_tools_read_it(whole: Path) -> None:
    with tarfile.open(whole) as outer:
        assert outer.getnames() == ["home.tar.gz", "manifest.json", "SHA256SUMS"]
        members = {name: outer.extractfile(name) for name in outer.getnames()}
        octets = {name: file.read() for name, file in members.items() if file}
    assert json.loads(octets["manifest.json"])["lab"] == "ana"
    for line in octets["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(octets[name]).hexdigest() == digest
    with tarfile.open(fileobj=io.BytesIO(octets["home.tar.gz"])) as home:
        assert home.getnames() == ["work", "work/data", "work/work.py"]


def test_a_single_changed_octet_anywhere_is_found(whole: Path) -> None:
    octets = whole.read_bytes()
    for at in range(len(octets)):
        whole.write_bytes(octets[:at] + bytes([octets[at] ^ (1 << at % 8)]) + octets[at + 1 :])
        with pytest.raises(InputError) as caught:
            check(whole)
        assert len(caught.value.render().splitlines()) == 1, at


def test_a_file_cut_off_or_longer_is_found(whole: Path) -> None:
    octets = whole.read_bytes()
    for size in range(len(octets)):
        whole.write_bytes(octets[:size])
        with pytest.raises(InputError):
            check(whole)
    whole.write_bytes(octets + b"\0")
    with pytest.raises(InputError):
        check(whole)


def test_what_is_no_snapshot_is_refused(tmp_path: Path) -> None:
    for name, octets in {"text": b"hello", "tar": packed_home(FILES), "zeros": bytes(10240)}.items():
        path = tmp_path / name
        path.write_bytes(octets)
        with pytest.raises(InputError):
            check(path)
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(InputError):
            check(path)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b'{"format": "labctl work snapshot", "version": 2}',
        b'{"format": 1}',
        b'{"format": 1, "version": ' + b"[" * 400 + b"]" * 400 + b"}",
        b"[" * 30_000,
        b"[" * 30_000 + b"]" * 30_000,
        MANIFEST.replace(b'"entries": 0', b'"entries": Infinity'),
        MANIFEST.replace(b'"octets": 0', b'"octets": NaN'),
        MANIFEST.replace(b"01T00", b"01\\u001b00"),
        MANIFEST.replace(b"ana", b"\\u001b[31m"),
        MANIFEST.replace(b"2026", b"last"),
        MANIFEST.replace(b"asked for", b"no reason"),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused(whole: Path, manifest: bytes) -> None:
    with pytest.raises(InputError, match=r"cannot be understood|its format is") as caught:
        check(repacked(whole, manifest_json=manifest))
    assert len(caught.value.what) < 200


def test_a_manifest_that_is_understood_but_not_true_is_refused(whole: Path) -> None:
    with pytest.raises(InputError, match=r"is not what manifest\.json says"):
        check(repacked(whole, manifest_json=MANIFEST))


def test_a_snapshot_whose_sums_are_right_but_whose_home_is_not_is_refused(whole: Path) -> None:
    check(repacked(whole))
    with pytest.raises(InputError, match="not a whole snapshot"):
        check(repacked(whole, **{"home.tar_gz": b"not gzip"}))
    with pytest.raises(InputError, match="not a whole snapshot"):
        check(repacked(whole, **{"home.tar_gz": b""}))


def test_a_tar_that_is_not_whole_becomes_no_snapshot(tmp_path: Path) -> None:
    with (tmp_path / "spoilt").open("wb") as file, pytest.raises(BadTarError):
        write_snapshot(file, [packed_home(FILES)[:1500]], lab="ana", time="", reason="")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"format": "tar"}, "its format is 'tar' 1; this labctl knows 'labctl work snapshot' 1"),
        (
            {"version": 2},
            "its format is 'labctl work snapshot' 2; this labctl knows 'labctl work snapshot' 1",
        ),
    ],
)
def test_another_format_is_told(said: dict[str, object], told: str, whole: Path) -> None:
    manifest = json.dumps(json.loads(MANIFEST) | said).encode()
    with pytest.raises(InputError) as caught:
        check(repacked(whole, manifest_json=manifest))
    assert caught.value.what == f"not a whole snapshot: {told}"


def test_the_same_home_gives_the_same_file_and_a_person_can_read_the_manifest(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 4e9)
    with (again := tmp_path / "again.tar").open("wb") as file:
        write_snapshot(
            file, [packed_home(FILES)], lab="ana", time="2026-01-01T00:00:00+00:00", reason="asked for"
        )
    assert again.read_bytes() == whole.read_bytes()
    assert b'{\n  "format": "labctl work snapshot",\n  "version": 1,\n' in whole.read_bytes()


def test_a_home_is_unpacked_in_pieces(tmp_path: Path) -> None:
    with (path := tmp_path / "large.tar").open("wb") as file:
        tar = packed_home({"zeros": bytes(5 << 20)})
        write_snapshot(file, [tar], lab="ana", time="2026-01-01T00:00:00+00:00", reason="asked for")
    with open_snapshot(path) as snapshot:
        sizes = [len(piece) for piece in snapshot.tar()]
    assert max(sizes) <= PIECE_BYTES
    assert sum(sizes) == len(tar)
