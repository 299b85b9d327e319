"""The file a snapshot is: an uncompressed tar of three members, which any `tar` unpacks.

    home.tar.gz    the home: names, modes, links, times in seconds; all of one owner, no setuid, no attributes
    manifest.json  whose it is, from when, and what is in it
    SHA256SUMS     of the other two, for `sha256sum -c`

Every byte of the file is covered: by the checksums, or by being what this module would write.
"""

import gzip
import hashlib
import io
import json
import reprlib
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from labctl.errors import InputError
from labctl.features.work.contents import Contents, read_contents
from labctl.features.work.members import END, PIECE_BYTES, BadTarError
from labctl.model import validate_lab_name

FORMAT = "labctl work snapshot"
VERSION = 1
HOME, MANIFEST, SUMS = "home.tar.gz", "manifest.json", "SHA256SUMS"
BLOCK = tarfile.BLOCKSIZE
ASKED, BEFORE_DISCARD, BEFORE_RESTORE = REASONS = ("asked for", "before discarding", "before restoring")
COMPRESSION = 1  # of 1 to 9: most of the gain for a third of the time
SMALL_BYTES = 1 << 16  # no manifest and no list of sums is larger


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself.

    Attributes:
        lab: whose home it was.
        time: when it was taken, ISO 8601, UTC.
        reason: why: one of the REASONS.
        contents: what is in it.
    """

    lab: str
    time: str
    reason: str
    contents: Contents

    def to_json(self) -> bytes:
        """Return it as the snapshot's member."""
        head = {"format": FORMAT, "version": VERSION, "lab": self.lab, "time": self.time}
        return json.dumps({**head, "reason": self.reason, **asdict(self.contents)}, indent=2).encode() + b"\n"


@dataclass(frozen=True)
class _Span:
    """Where a member's bytes stand in the file."""

    start: int
    size: int


class Snapshot:
    """A snapshot's file, open, its checksums found right."""

    def __init__(self, file: IO[bytes], home: _Span, manifest: Manifest) -> None:
        self._file = file
        self._home = home
        self.manifest = manifest

    def tar(self) -> Iterator[bytes]:
        """Yield the home's tar in pieces; raise BadTarError where it cannot be unzipped."""
        span = io.BufferedReader(_SpanReader(self._file, self._home), PIECE_BYTES)
        try:
            with gzip.GzipFile(fileobj=span, mode="rb") as unzipped:
                while piece := unzipped.read(PIECE_BYTES):
                    yield piece
        except (OSError, EOFError, zlib.error) as error:
            raise BadTarError(f"{HOME} cannot be unzipped: {error}") from error

    def check_contents(self) -> None:
        """Read the whole home and judge each member.

        Raises:
            BadTarError: a member has no place in a home, or it is not what the manifest says.
        """
        if read_contents(self.tar()) != self.manifest.contents:
            raise BadTarError(f"{HOME} is not what {MANIFEST} says")


def write_snapshot(file: IO[bytes], tar: Iterable[bytes], *, lab: str, time: str, reason: str) -> Manifest:
    """Write a snapshot into an empty file, piece by piece.

    Raises:
        BadTarError: the tar is not a whole home's; the file is of no use then.
    """
    file.seek(BLOCK)
    hashing = _HashingWriter(file)
    with gzip.GzipFile("", "wb", COMPRESSION, hashing, mtime=0) as zipped:
        contents = read_contents(tar, zipped.write)
    size = file.tell() - BLOCK
    file.write(_padding(size))
    manifest = Manifest(lab, time, reason, contents)
    text = manifest.to_json()
    sums = _sums(hashing.digest.hexdigest(), hashlib.sha256(text).hexdigest())
    for name, data in ((MANIFEST, text), (SUMS, sums)):
        file.write(_header(name, len(data)) + data + _padding(len(data)))
    file.write(END)
    file.seek(0)
    file.write(_header(HOME, size))
    return manifest


@contextmanager
def open_snapshot(path: Path) -> Iterator[Snapshot]:
    """Yield a snapshot whose checksums are right.

    Raises:
        InputError: it cannot be read, is none of ours, or is damaged; here, or where the caller finds so.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", where=str(path)) from error
    with file:
        try:
            yield _read_snapshot(file)
        except BadTarError as error:
            hint = "another snapshot; labctl work list LAB shows those that are whole"
            raise InputError(f"not a whole snapshot: {error}", where=str(path), hint=hint) from error


def _read_snapshot(file: IO[bytes]) -> Snapshot:
    """Read a file from its beginning to its end, every byte of it."""
    try:
        home = _find_member(file, HOME)
        home_sum = hashlib.sha256()
        reader = io.BufferedReader(_SpanReader(file, home), PIECE_BYTES)
        while piece := reader.read(PIECE_BYTES):
            home_sum.update(piece)
        _skip_padding(file, home)
        text, sums = _read_small(file, MANIFEST), _read_small(file, SUMS)
        if file.read(len(END) + 1) != END:
            raise BadTarError("it does not end as it should")
    except OSError as error:
        raise BadTarError(f"it cannot be read: {error.strerror}") from error
    if sums != _sums(home_sum.hexdigest(), hashlib.sha256(text).hexdigest()):
        raise BadTarError("its checksums are wrong")
    return Snapshot(file, home, _parse_manifest(text))


def _find_member(file: IO[bytes], name: str) -> _Span:
    """Read the header of the member that must come now."""
    header = file.read(BLOCK)
    try:
        info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
    except tarfile.TarError as error:
        raise BadTarError(f"no {name} where it should be ({error})") from error
    if header != _header(name, info.size):
        raise BadTarError(f"no {name} where it should be")
    return _Span(file.tell(), info.size)


def _read_small(file: IO[bytes], name: str) -> bytes:
    span = _find_member(file, name)
    if span.size > SMALL_BYTES:
        raise BadTarError(f"{name} is too large")
    data = file.read(span.size)
    _skip_padding(file, span)
    return data


def _skip_padding(file: IO[bytes], span: _Span) -> None:
    padding = _padding(span.size)
    if file.tell() != span.start + span.size or file.read(len(padding)) != padding:
        raise BadTarError("it is cut off or damaged")


def _parse_manifest(text: bytes) -> Manifest:
    try:
        said = json.loads(text)
        kind, version = said["format"], said["version"]
        if kind == FORMAT and version == VERSION:
            contents = Contents(int(said["entries"]), int(said["octets"]), str(said["digest"]))
            return _as_shown(Manifest(said["lab"], said["time"], said["reason"], contents))
    except (InputError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BadTarError(f"{MANIFEST} cannot be understood") from error
    said_format = f"{reprlib.repr(kind)} {reprlib.repr(version)}"  # of bounded length and depth
    raise BadTarError(f"its format is {said_format}; this labctl knows {FORMAT!r} {VERSION}")


def _as_shown(manifest: Manifest) -> Manifest:
    """Return a manifest whose words a terminal can be given; raise InputError or ValueError for others."""
    validate_lab_name(manifest.lab)
    # fromisoformat takes any character between date and time.
    if datetime.fromisoformat(manifest.time).isoformat() != manifest.time:
        raise ValueError("the time is not written as ours are")
    if manifest.reason not in REASONS:
        raise ValueError("the reason is none of ours")
    return manifest


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def _sums(home: str, manifest: str) -> bytes:
    return f"{home}  {HOME}\n{manifest}  {MANIFEST}\n".encode()


class _HashingWriter(io.RawIOBase):
    """Writes on to a file, and knows the SHA-256 of what it wrote."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.digest.update(data)
        return self._file.write(data)


class _SpanReader(io.RawIOBase):
    """Reads one member of the file, from its beginning, and no further."""

    def __init__(self, file: IO[bytes], span: _Span) -> None:
        self._file = file
        self._left = span.size
        file.seek(span.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._file.read(min(len(memoryview(buffer)), self._left))
        memoryview(buffer)[: len(data)] = data
        self._left -= len(data)
        return len(data)
