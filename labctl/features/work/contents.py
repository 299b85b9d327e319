"""What a home holds, read from a tar stream in one go and judged member by member.

The tar is one folder (the home, under whatever name) and what is in it. It may come from elsewhere, so
every member is checked: it lies in a folder that came before it, it came once, it is of a kind that a home
can have, and it is as plain as `learners` makes it. So no member reaches out of the home, neither by its
name nor through a link, and none brings its owner rights that the learner has not.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from labctl.features.work.learners import BORROWED_RIGHTS, Owner, time_of
from labctl.features.work.members import BadTarError, read_members

NAMEABLE_TWICE = {tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE}
KINDS = {*NAMEABLE_TWICE, tarfile.DIRTYPE, tarfile.LNKTYPE}
# What an extended header may say of a member; a sparse file or an extended attribute is said by others.
PLAIN_WORDS = {
    *("path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "atime", "ctime", "hdrcharset")
}
# What lies below a folder is left out by the Engine, without a word, where its path on the Engine's side is
# over the kernel's 4095 bytes: the longest name is 255, and 1024 are left for where the home is.
LONGEST_FOLDER_BYTES = 4095 - 1024 - len("/") - 255
LONGEST_NAME_BYTES = 255  # as file systems have it
LONGEST_TARGET_BYTES = 4095  # of a link
TOLD_CHARACTERS = 60  # of a path


class TooDeepError(BadTarError):
    """A folder's path is so long that something below it may be missing."""


@dataclass(frozen=True)
class Contents:
    """What was found in a home.

    Attributes:
        entries: how many files, folders and links, the home itself not counted.
        octets: of all files together; a file of several names counts once.
        digest: SHA-256, in hexadecimal, over all names, kinds, modes, owners, times (in seconds; 0 for those
            the Engine does not set), link targets and bytes, in the tar's order. The home's own name and
            time do not count.
    """

    entries: int
    octets: int
    digest: str


class _Survey:
    """What is known of a tar so far."""

    def __init__(self) -> None:
        self.kinds: dict[str, bytes] = {}
        self.size = 0
        self._digest = hashlib.sha256()
        self._root = ""
        self._owner: Owner = (0, 0)

    def add(self, member: tarfile.TarInfo, content: Iterator[bytes]) -> None:
        """Take one member in; raise BadTarError if it has no place in a home."""
        told = _told(member.name)
        name = self._relative(member.name)
        target = member.linkname
        if member.type not in KINDS:
            raise BadTarError(f"{told} is neither a file, a folder, a link nor a named pipe")
        if name in self.kinds:
            raise BadTarError(f"{told} is there twice")
        folder, _, last = name.rpartition("/")
        if name and (self.kinds.get(folder) != tarfile.DIRTYPE or last in ("", ".", "..")):
            raise BadTarError(f"{told} lies in no folder of the home")
        if _length(last) > LONGEST_NAME_BYTES or _length(target) > LONGEST_TARGET_BYTES:
            raise BadTarError(f"{told} has a longer name, or leads to one, than a file system takes")
        if member.islnk():
            target = self._relative(target)
            if self.kinds.get(target) not in NAMEABLE_TWICE:
                raise BadTarError(f"{told} is a second name of no file of the home")
        if member.isdir():
            _judge_length(name)
        self._judge_rights(member, is_home=not name)
        self.kinds[name] = member.type
        self._count(member, name, target)
        if member.isreg():
            self._digest.update(_digest_of(content))

    def _judge_rights(self, member: tarfile.TarInfo, *, is_home: bool) -> None:
        if is_home:
            self._owner = (member.uid, member.gid)
        told = _told(member.name)
        if (member.uid, member.gid) != self._owner:
            raise BadTarError(f"{told} is not the home's owner's, but {member.uid}:{member.gid}'s")
        if member.mode & BORROWED_RIGHTS:
            raise BadTarError(f"{told} is setuid or setgid (mode {member.mode & 0o7777:04o})")
        for word in member.pax_headers.keys() - PLAIN_WORDS:
            raise BadTarError(f"{told} has an attribute that no home can have: {word[:40]!r}")

    def _relative(self, name: str) -> str:
        """Return a member's name as seen from the home: empty for the home itself, which comes first."""
        if not self.kinds:
            self._root = name
            if "/" in name or name in ("", ".", ".."):
                raise BadTarError(f"{_told(name)} is no folder's name")
            return ""
        root, _, rest = name.partition("/")
        if root != self._root or not rest:
            raise BadTarError(f"{_told(name)} is not in the home")
        return rest

    def _count(self, member: tarfile.TarInfo, name: str, target: str) -> None:
        time = time_of(member) if name else 0
        facts = (name, member.type.decode(), member.mode & 0o7777, member.uid, member.gid, time, target)
        words = [*map(str, facts), str(member.size)]
        self._digest.update("\0".join(words).encode("utf-8", "surrogateescape") + b"\0")
        self.size += member.size

    def result(self) -> Contents:
        """Return what was found; raise BadTarError when that is no home."""
        if self.kinds.get("") != tarfile.DIRTYPE:
            raise BadTarError("there is no folder in it")
        return Contents(len(self.kinds) - 1, self.size, self._digest.hexdigest())


def _digest_of(content: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for piece in content:
        digest.update(piece)
    return digest.digest()


def _length(name: str) -> int:
    return len(name.encode("utf-8", "surrogateescape"))


def _told(name: str) -> str:
    """Return a name for an error: in quotes, and cut to a length."""
    return repr(name) if len(name) <= TOLD_CHARACTERS else f"{name[:TOLD_CHARACTERS]!r}..."


def _judge_length(folder: str) -> None:
    if (length := _length(folder)) > LONGEST_FOLDER_BYTES:
        raise TooDeepError(
            f"the path of folder {_told(folder)} has {length} bytes, and over {LONGEST_FOLDER_BYTES} "
            "something below it might be left out"
        )


def read_contents(pieces: Iterable[bytes], watch: Callable[[bytes], object] = len) -> Contents:
    """Read a tar to its end and return what it holds.

    Args:
        pieces: the tar's bytes, cut anywhere; only one piece is held at a time.
        watch: called with each piece on its way.

    Raises:
        BadTarError: it is damaged or cut off, or a member has no place in a home.
        TooDeepError: a folder's path is so long that the Engine may have left out what is below it.
        TooLargeError: there is more in it than a home may hold.
    """
    survey = _Survey()
    for member, content in read_members(pieces, watch):
        survey.add(member, content)
    return survey.result()
