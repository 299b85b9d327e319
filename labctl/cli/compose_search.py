"""Where the Compose file is looked for, and whose files are taken without being named.

What stands in a folder may decide what runs on this machine. So a file is taken from where the user happens
to stand only if no other user can have put it there: git has the same rule for its repositories. A file named
with `-f` is taken as it is; what it may ask for is `labctl.policy`'s to say.
"""

import grp
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FILE = "compose.yaml"
ROOT = 0
OTHERS_MAY_WRITE = 0o002
GROUP_MAY_WRITE = 0o020


@dataclass(frozen=True)
class Search:
    """What a search found: a file, or why it stopped without one (empty: no folder above has one)."""

    path: Path | None
    stopped: str = ""


def search_upwards(here: Path, environ: Mapping[str, str]) -> Search:
    """Return the first Compose file from a folder upwards, up to one that is not safe to look into.

    Args:
        here: where to begin.
        environ: SUDO_UID says for which user root works.
    """
    users = trusted_users(environ)
    for folder in (here, *here.parents):
        path = folder / DEFAULT_FILE
        there = os.path.isfile(path)  # noqa: PTH113 (pathlib's own fails at a folder that is not ours to read)
        reason = reason_against(folder, users) or (reason_against(path, users) if there else "")
        if reason:
            what = f"{path} is not taken" if there else f"the search for {DEFAULT_FILE} stops at {folder}"
            return Search(None, f"{what}: {reason}")
        if there:
            return Search(path)
    return Search(None)


def trusted_users(environ: Mapping[str, str]) -> frozenset[int]:
    """Return the user ids whose files are taken: one's own, root's, and with sudo the caller's."""
    users = {os.geteuid(), ROOT}
    caller = environ.get("SUDO_UID", "")
    if os.geteuid() == ROOT and caller.isdecimal():
        users.add(int(caller))
    return frozenset(users)


def reason_against(path: Path, users: frozenset[int]) -> str:
    """Return why a file or folder is not taken; empty when only trusted users can have written it."""
    try:
        found = path.stat()
    except OSError as error:
        return f"it cannot be looked at ({error.strerror})"
    if found.st_uid not in users:
        return f"it belongs to {_user_name(found.st_uid)}"
    if found.st_mode & OTHERS_MAY_WRITE:
        return "every user of this machine may write to it"
    if found.st_mode & GROUP_MAY_WRITE and not _is_private(found.st_gid, found.st_uid):
        return f"its group, {found.st_gid}, may write to it"
    return ""


def _is_private(group: int, user: int) -> bool:
    """Return whether a group has no member but this user: many systems give each user such a one."""
    if group == ROOT:
        return True
    try:
        found, owner = grp.getgrgid(group), pwd.getpwuid(user)
    except KeyError:
        return False
    return found.gr_name == owner.pw_name and set(found.gr_mem) <= {owner.pw_name}


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
