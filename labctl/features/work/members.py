"""Reads the tar of a home member by member, in one go and within bounds.

Read are the Engine's own streams and files that came from elsewhere. However they are made, only a piece
of them is held at a time, and an end comes.
"""

import io
import tarfile
from collections.abc import Callable, Iterable, Iterator

PIECE_BYTES = 1 << 20
BUFFER_BYTES = 1 << 16  # tarfile copies what is left of it at each read
END = bytes(2 * tarfile.BLOCKSIZE)  # a tar ends with two blocks of zeros

# What a home may hold. Beyond that a snapshot is neither written nor taken.
MAX_ENTRIES = 200_000
MAX_BYTES = 4 << 30  # of all files together
MAX_HEADER_BYTES = 1 << 16  # of one member: two names of 4 KiB, and what else is said of it
MAX_TAR_BYTES = MAX_BYTES + MAX_ENTRIES * 4 * tarfile.BLOCKSIZE

_DAMAGED = (tarfile.TarError, EOFError, ValueError, RecursionError)  # what tarfile raises


class BadTarError(Exception):
    """The stream is no whole tar of a home; the words say why."""


class TooLargeError(BadTarError):
    """There is more in it than a home may hold."""


class _Tar(tarfile.TarFile):
    """A tar read in one go, of which tarfile would keep every member."""

    members: list[tarfile.TarInfo]


class _Passage(io.RawIOBase):
    """The file that tarfile reads from: pieces of a stream, each passed to a callback on its way."""

    def __init__(self, pieces: Iterable[bytes], watch: Callable[[bytes], object]) -> None:
        self._pieces = iter(pieces)
        self._watch = watch
        self._piece = memoryview(b"")
        self._total = 0
        self._zeros_at_end = 0
        self._header_left: int | None = None

    def begin_header(self) -> None:
        """From now on tarfile reads a header, which it holds as a whole: that ends it if it is too large."""
        self._header_left = MAX_HEADER_BYTES + BUFFER_BYTES  # it reads ahead

    def end_header(self) -> None:
        """From now on a file's content is read, in pieces."""
        self._header_left = None

    def read(self, size: int = PIECE_BYTES, /) -> bytes:
        """Return some of the next piece, at most so many bytes."""
        if not self._piece:
            self._piece = memoryview(self._next())
        data = bytes(self._piece[:size])
        self._piece = self._piece[size:]
        if self._header_left is not None:
            self._header_left -= len(data)
            if self._header_left < 0:
                raise BadTarError(f"a member's header is larger than {MAX_HEADER_BYTES} bytes")
        return data

    def _next(self) -> bytes:
        piece = next((each for each in self._pieces if each), b"")
        self._watch(piece)
        self._total += len(piece)
        if self._total > MAX_TAR_BYTES:
            raise TooLargeError(f"it is larger than {MAX_TAR_BYTES >> 20} MiB")
        zeros = len(piece) - len(piece.rstrip(b"\0"))
        self._zeros_at_end = zeros if zeros < len(piece) else self._zeros_at_end + zeros
        return piece

    def ends_after(self, offset: int) -> bool:
        """Read the rest; return whether nothing but a tar's end is behind an offset."""
        while self._next():
            pass
        return self._total - self._zeros_at_end <= offset and self._total >= offset + len(END)


Member = tuple[tarfile.TarInfo, Iterator[bytes]]


def read_members(pieces: Iterable[bytes], watch: Callable[[bytes], object] = len) -> Iterator[Member]:
    """Yield each member of a tar with its content in pieces, which is to be read before the next one.

    Args:
        pieces: the tar's bytes, cut anywhere; only one piece is held at a time.
        watch: called with each piece on its way.

    Raises:
        BadTarError: it is damaged or cut off.
        TooLargeError: there is more in it than a home may hold.
    """
    passage = _Passage(pieces, watch)
    entries = total = 0
    passage.begin_header()
    try:
        # "r|": never backwards. Names may be any bytes, as the file system has them.
        with _Tar.open(
            fileobj=passage, mode="r|", bufsize=BUFFER_BYTES, encoding="utf-8", errors="surrogateescape"
        ) as tar:
            while (member := tar.next()) is not None:
                passage.end_header()
                entries += 1
                total += member.size
                if entries > MAX_ENTRIES:
                    raise TooLargeError(f"there are more than {MAX_ENTRIES} files and folders in it")
                if total > MAX_BYTES:
                    raise TooLargeError(f"with {member.name[:60]!r} it is more than {MAX_BYTES >> 20} MiB")
                yield member, _content(tar, member)
                tar.members.clear()
                passage.begin_header()
            passage.end_header()
            if not passage.ends_after(tar.offset):
                raise BadTarError("it ends too early, or in something else")
    except _DAMAGED as error:
        raise BadTarError(str(error)) from error


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        file = tar.extractfile(member) if member.isreg() else None
        while file is not None and (piece := file.read(PIECE_BYTES)):
            yield piece
    except _DAMAGED as error:
        raise BadTarError(str(error)) from error
