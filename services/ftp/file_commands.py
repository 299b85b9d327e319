"""What is done to files and folders.

Spec: RFC 959 section 4.1, replies in section 5.4; RFC 1123 section 4.1.2; RFC 3659 (SIZE, MDTM, MLST, MLSD)
"""

import calendar
import errno
import os
import posixpath
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.ftp.files import Receiving, Sending, blocks_of, facts_of, long_line, timestamp
from services.ftp.state import Refusal, State, Step, Transfer


@contextmanager
def refusing(code: int) -> Iterator[None]:
    """Tell what the system says no to by this code, a full disk as 452 where a file is stored."""
    try:
        yield
    except (OSError, ValueError) as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise Refusal(f"{452 if full and code in (450, 553) else code} {reason}.") from error


class FileCommands(State):
    """The commands that name a path."""

    def path(self, argument: str) -> str:
        """Return a path from the root, whatever the client's way to name it."""
        return posixpath.normpath(posixpath.join("/", self.folder, argument))

    def needed(self, argument: str) -> str:
        """Return the path of a command that cannot go without."""
        if not argument:
            raise Refusal("501 This command needs a path.")
        return self.path(argument)

    def do_PWD(self, argument: str) -> Step:
        """Tell where we are."""
        return f"257 {quoted(self.folder)} is the current directory."

    do_XPWD = do_PWD

    def do_CWD(self, argument: str) -> Step:
        """Go to a folder."""
        self.enter(self.path(argument))
        return f"250 {quoted(self.folder)} is the current directory."

    do_XCWD = do_CWD

    def do_CDUP(self, argument: str) -> Step:
        """Go to the folder around this one."""
        self.enter(self.path(".."))
        return f"200 {quoted(self.folder)} is the current directory."

    do_XCUP = do_CDUP

    def enter(self, path: str) -> None:
        """Make a folder the working directory, if it is there."""
        with refusing(550):
            self.files.stat(path)
            if not self.files.is_folder(path):
                raise NotADirectoryError(errno.ENOTDIR, "")
        self.folder = path

    def do_MKD(self, argument: str) -> Step:
        """Make a folder."""
        path = self.needed(argument)
        self.require_writer()
        with refusing(550):
            self.files.real(path).mkdir()
        return f"257 {quoted(path)} created."

    do_XMKD = do_MKD

    def do_RMD(self, argument: str) -> Step:
        """Remove an empty folder."""
        path = self.needed(argument)
        self.require_writer()
        if path == "/":
            raise Refusal("550 The root stays.")
        with refusing(550):
            self.files.real(path).rmdir()
        return "250 Removed."

    do_XRMD = do_RMD

    def do_DELE(self, argument: str) -> Step:
        """Delete a file."""
        path = self.needed(argument)
        self.require_writer()
        with refusing(550):
            self.files.real(path).unlink()
        return "250 Deleted."

    def do_RNFR(self, argument: str) -> Step:
        """Take what is to be renamed; RNTO follows."""
        path = self.needed(argument)
        self.require_writer()
        if path == "/":
            raise Refusal("550 The root keeps its name.")
        with refusing(550):
            self.files.stat(path)
        self.rename_from = path
        return "350 Now the new name, by RNTO."

    def do_RNTO(self, argument: str) -> Step:
        """Rename."""
        old, self.rename_from = self.rename_from, ""
        if not old:
            raise Refusal("503 RNFR comes first.")
        with refusing(553):
            self.files.real(old).rename(self.files.real(self.needed(argument)))
        return "250 Renamed."

    def do_SIZE(self, argument: str) -> Step:
        """Tell a file's size as it will travel; as text it would have to be counted first."""
        path = self.needed(argument)
        if self.text:
            raise Refusal("550 SIZE is told in TYPE I only.")
        with refusing(550):
            self.require_file(path)
            return f"213 {self.files.stat(path).st_size}"

    def do_MDTM(self, argument: str) -> Step:
        """Tell when a file was changed."""
        path = self.needed(argument)
        with refusing(550):
            self.require_file(path)
            return f"213 {timestamp(self.files.stat(path).st_mtime)}"

    def do_MFMT(self, argument: str) -> Step:
        """Set when a file was changed (draft-somers-ftp-mfxx), as a mirror does."""
        stamp, _, name = argument.partition(" ")
        if not re.fullmatch(r"[0-9]{14}", stamp) or not name:
            raise Refusal("501 MFMT needs YYYYMMDDHHMMSS and a path.")
        self.require_writer()
        with refusing(550):
            seconds = calendar.timegm(time.strptime(stamp, "%Y%m%d%H%M%S"))
            os.utime(self.files.real(self.path(name)), (seconds, seconds))
        return f"213 Modify={stamp}; {self.path(name)}"

    def require_file(self, path: str) -> None:
        """Refuse a folder where a file belongs."""
        if self.files.is_folder(path):
            raise IsADirectoryError(errno.EISDIR, "")

    def do_RETR(self, argument: str) -> Step:
        """Send a file, from where REST has said."""
        path, position = self.needed(argument), self.take_restart()
        with refusing(550):
            file = self.files.open(path, "r", position)
        self.sent += 1
        what = Sending(blocks_of(file), text=self.text, close=file.close)
        return Transfer(what, "150 Here it comes.")

    def do_STOR(self, argument: str) -> Step:
        """Take a file, in place of what was there."""
        return self.store(self.needed(argument), "w")

    def do_APPE(self, argument: str) -> Step:
        """Take more of a file."""
        return self.store(self.needed(argument), "a")

    def do_STOU(self, argument: str) -> Step:
        """Take a file under a name that nothing has here; the reply tells it (RFC 1123 section 4.1.2.9)."""
        name = f"{posixpath.basename(argument) or 'ftp'}.{secrets.token_hex(4)}"
        return self.store(self.path(name), "x", f"150 FILE: {name}")

    def store(self, path: str, mode: str, opening: str = "150 Send it.") -> Step:
        """Open a file for what will come."""
        position = self.take_restart()
        self.require_writer(532)
        with refusing(553):
            file = self.files.open(path, mode, position)
        self.received += 1
        return Transfer(Receiving(file, text=self.text), opening)

    def take_restart(self) -> int:
        """Return where the transfer begins; REST is for one alone."""
        position, self.restart_at = self.restart_at, 0
        return position

    def do_LIST(self, argument: str) -> Step:
        """List for people: a line for each file."""
        return self.listing(argument, lambda path: [long_line(*each) for each in self.files.listed(path)])

    def do_NLST(self, argument: str) -> Step:
        """List names alone."""
        return self.listing(argument, self.files.names)

    def listing(self, argument: str, lines_of: Callable[[str], list[str]]) -> Step:
        """Send a line for each file; words that begin with `-` are options of an `ls` that is not here."""
        while argument.startswith("-"):
            argument = argument.partition(" ")[2].lstrip(" ")
        with refusing(450):
            return listed(lines_of(self.path(argument)))

    def do_MLSD(self, argument: str) -> Step:
        """List for programs: facts and names."""
        path = self.path(argument)
        if not self.files.is_folder(path):
            raise Refusal("501 MLSD lists a folder, and this is none.")
        with refusing(550):
            return listed([f"{self.facts_of(known)} {name}" for name, known in self.files.listed(path)])

    def do_MLST(self, argument: str) -> Step:
        """Tell the facts of one file, on the control connection."""
        path = self.path(argument)
        with refusing(550):
            facts = self.facts_of(self.files.stat(path))
        return f"250-Facts:\r\n {facts} {path}\r\n250 End."

    def facts_of(self, known: os.stat_result) -> str:
        """Return the facts that OPTS has chosen."""
        return facts_of(known, self.facts, may_write=self.may_write)


def listed(lines: list[str]) -> Transfer:
    """Return the transfer of a listing, whose lines always end with CRLF."""
    octets = "".join(f"{line}\r\n" for line in lines).encode(errors="surrogateescape")
    return Transfer(Sending([octets], text=False), "150 Here comes the listing.")


def quoted(path: str) -> str:
    """Return a path as 257 names it: a quote inside is doubled (RFC 959 appendix II)."""
    return '"' + path.replace('"', '""') + '"'
