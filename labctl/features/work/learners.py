"""Makes the tar of a home the learner's: one owner, and no rights beyond those of a plain file.

Who may write in a home can leave a program in it that acts as its owner (setuid), and the Engine hands on
whatever is there. Neither a snapshot nor a home that is restored has any of it.
"""

import stat
import tarfile
from collections.abc import Iterable, Iterator

from labctl.features.work.members import END, read_members

# The Engine gives a file the time 0 for one before 1970, and for one after what 63 bits of nanoseconds hold.
LAST_TIME_S = (2**63 - 1) // 10**9
BORROWED_RIGHTS = stat.S_ISUID | stat.S_ISGID

Owner = tuple[int, int]


def as_learners(pieces: Iterable[bytes], owner: Owner | None) -> Iterator[bytes]:
    """Yield a home's tar rewritten: all of it plain and its owner's.

    Left out are setuid and setgid, extended attributes (file capabilities among them), the names of users
    and groups, and fractions of seconds.

    Args:
        pieces: the tar's bytes, cut anywhere.
        owner: uid and gid; None: those of the home itself.

    Raises:
        BadTarError: it is no whole tar, or there is more in it than a home may hold.
    """
    for member, content in read_members(pieces):
        if owner is None:
            owner = (member.uid, member.gid)
        member.uid, member.gid = owner
        member.uname = member.gname = ""
        member.mode &= ~BORROWED_RIGHTS
        member.mtime = time_of(member)
        yield member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
        if member.isreg():
            yield from content
            yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield END


def owner_of(pieces: Iterable[bytes]) -> Owner:
    """Return the uid and gid of the home itself, which comes first in its tar.

    Raises:
        BadTarError: it is no tar.
    """
    for member, _ in read_members(pieces):
        return (member.uid, member.gid)
    return (0, 0)


def time_of(member: tarfile.TarInfo) -> int:
    """Return when a member was changed, in seconds; 0 for a time that the Engine does not set."""
    return int(member.mtime) if 0 <= member.mtime <= LAST_TIME_S else 0
