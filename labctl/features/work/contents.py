"""What a home holds, read from a tar stream in one go and judged member by member.

The tar is one folder (the home, under whatever name) and what is in it. Read here are both the
Engine's own streams and files that came from elsewhere, so every member is checked: it lies in a folder
that came before it, it came once, and it is of a kind that a home can have. So no member reaches
out of the home, neither by its name nor through a link.
"""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PIECE_OCTETS = 1 << 20
BUFFER_OCTETS = 1 << 16  # tarfile copies what is left of it at each read
END_OCTETS = 2 * tarfile.BLOCKSIZE  # a tar ends with two blocks of zeros
NAMEABLE_TWICE = {tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE}
KINDS = {*NAMEABLE_TWICE, tarfile.DIRTYPE, tarfile.LNKTYPE}
# The Engine gives a file the time 0 for one before 1970, and for one after what 63 bits of nanoseconds hold.
LAST_TIME_S = (2**63 - 1) // 10**9
# What lies below a folder is left out by the Engine, without a word, where its path on the Engine's side is
# over the kernel's 4095 octets: the longest name is 255, and 1024 are left for where the home is.
LONGEST_FOLDER_OCTETS = 4095 - 1024 - len("/") - 255
TOLD_CHARACTERS = 60  # of a path that is too long


class BadTarError(Exception):
    """The stream is no whole tar of a home; the words say why."""


class TooDeepError(BadTarError):
    """A folder's path is so long that something below it may be missing."""


@dataclass(frozen=True)
class Contents:
    """What was found in a home.

    Attributes:
        entries: how many files, folders and links, the home itself not counted.
        octets: of all files together; a file of several names counts once.
        digest: SHA-256, in hexadecimal, over all names, kinds, modes, owners, times (in seconds; 0 for those
            the Engine does not set), link targets and octets, in the tar's order. The home's own name and
            time do not count.
    """

    entries: int
    octets: int
    digest: str


class _Tar(tarfile.TarFile):
    """A tar read in one go, of which tarfile still keeps every member unless told to forget them."""

    members: list[tarfile.TarInfo]


class _Passage(io.RawIOBase):
    """The file that tarfile reads from: pieces of a stream, each shown to somebody as it passes."""

    def __init__(self, pieces: Iterable[bytes], watch: Callable[[bytes], object]) -> None:
        self._pieces = iter(pieces)
        self._watch = watch
        self._piece = memoryview(b"")
        self._total = 0
        self._zeros_at_end = 0

    def read(self, size: int = PIECE_OCTETS, /) -> bytes:
        """Return some of the next piece, at most so many octets."""
        if not self._piece:
            self._piece = memoryview(self._next())
        octets = bytes(self._piece[:size])
        self._piece = self._piece[size:]
        return octets

    def _next(self) -> bytes:
        piece = next((each for each in self._pieces if each), b"")
        self._watch(piece)
        self._total += len(piece)
        zeros = len(piece) - len(piece.rstrip(b"\0"))
        self._zeros_at_end = zeros if zeros < len(piece) else self._zeros_at_end + zeros
        return piece

    def ends_after(self, offset: int) -> bool:
        """Read the rest; return whether nothing but a tar's end is behind an offset."""
        while self._next():
            pass
        return self._total - self._zeros_at_end <= offset and self._total >= offset + END_OCTETS


class _Survey:
    """What is known of a tar so far."""

    def __init__(self) -> None:
        self.kinds: dict[str, bytes] = {}
        self.octets = 0
        self._digest = hashlib.sha256()
        self._root = ""

    def add(self, member: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
        """Take one member in; raise BadTarError if it has no place in a home."""
        name = self._relative(member.name)
        target = member.linkname
        if member.type not in KINDS:
            raise BadTarError(f"{member.name!r} is neither a file, a folder, a link nor a named pipe")
        if name in self.kinds:
            raise BadTarError(f"{member.name!r} is there twice")
        folder, _, last = name.rpartition("/")
        if name and (self.kinds.get(folder) != tarfile.DIRTYPE or last in ("", ".", "..")):
            raise BadTarError(f"{member.name!r} lies in no folder of the home")
        if member.islnk():
            target = self._relative(target)
            if self.kinds.get(target) not in NAMEABLE_TWICE:
                raise BadTarError(f"{member.name!r} is a second name of no file of the home")
        if member.isdir():
            _judge_length(name)
        self.kinds[name] = member.type
        self._count(member, name, target)
        if member.isreg():
            self._digest.update(self._read(member, tar))

    def _relative(self, name: str) -> str:
        """Return a member's name as seen from the home: empty for the home itself, which comes first."""
        if not self.kinds:
            self._root = name
            if "/" in name or name in ("", ".", ".."):
                raise BadTarError(f"{name!r} is no folder's name")
            return ""
        root, _, rest = name.partition("/")
        if root != self._root or not rest:
            raise BadTarError(f"{name!r} is not in the home")
        return rest

    def _count(self, member: tarfile.TarInfo, name: str, target: str) -> None:
        time = int(member.mtime) if name and 0 <= member.mtime <= LAST_TIME_S else 0
        facts = (name, member.type.decode(), member.mode & 0o7777, member.uid, member.gid, time, target)
        words = [*map(str, facts), str(member.size)]
        self._digest.update("\0".join(words).encode("utf-8", "surrogateescape") + b"\0")
        self.octets += member.size

    def _read(self, member: tarfile.TarInfo, tar: tarfile.TarFile) -> bytes:
        digest = hashlib.sha256()
        file = tar.extractfile(member)
        assert file is not None
        while piece := file.read(PIECE_OCTETS):
            digest.update(piece)
        return digest.digest()

    def result(self) -> Contents:
        """Return what was found; raise BadTarError when that is no home."""
        if self.kinds.get("") != tarfile.DIRTYPE:
            raise BadTarError("there is no folder in it")
        return Contents(len(self.kinds) - 1, self.octets, self._digest.hexdigest())


def _judge_length(folder: str) -> None:
    octets = len(folder.encode("utf-8", "surrogateescape"))
    if octets > LONGEST_FOLDER_OCTETS:
        start = f"{folder[:TOLD_CHARACTERS]!r}..."
        raise TooDeepError(
            f"the path of folder {start} has {octets} octets, and over {LONGEST_FOLDER_OCTETS} "
            "something below it might be left out"
        )


def read_contents(pieces: Iterable[bytes], watch: Callable[[bytes], object] = len) -> Contents:
    """Read a tar to its end and return what it holds.

    Args:
        pieces: the tar's octets, cut anywhere; only one piece is held at a time.
        watch: called with each piece on its way.

    Raises:
        BadTarError: it is damaged or cut off, or a member has no place in a home.
        TooDeepError: a folder's path is so long that the Engine may have left out what is below it.
    """
    passage = _Passage(pieces, watch)
    survey = _Survey()
    try:
        # "r|": never backwards. Names may be any octets, as the file system has them.
        with _Tar.open(
            fileobj=passage, mode="r|", bufsize=BUFFER_OCTETS, encoding="utf-8", errors="surrogateescape"
        ) as tar:
            while (member := tar.next()) is not None:
                survey.add(member, tar)
                tar.members.clear()
            if not passage.ends_after(tar.offset):
                raise BadTarError("it ends too early, or in something else")
    except (tarfile.TarError, EOFError, ValueError, RecursionError) as error:
        raise BadTarError(str(error)) from error
    return survey.result()
