"""FTP server: files over two kinds of connection, one to say what, and one for each thing that is moved.

Spec:    RFC 959 (FTP), RFC 2428 (EPSV, EPRT), RFC 3659 (MLSD, SIZE, REST), RFC 2577 (its security)
Model:   event loop: one thread serves everybody, as in `echo`; the loop is `pyftpdlib`'s, on `epoll`
Try:     lftp -u student,lab ftp -e 'ls; exit'
Observe: lftp's `debug` shows each command; before each listing and each file stands a PASV or EPSV
Limits:  no TLS, no STOU, no SITE CHMOD; active mode reaches clients in the lab only, passive mode any

The library knows the protocol. Here stands who may do what (`anonymous` reads; `student`, password `lab`,
reads and writes), where the files are, and how much a client may ask for.
"""

import errno
import io
import logging
import random
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler, proto_cmds
from pyftpdlib.servers import FTPServer

from services.journal import log

PORT = 21
PASSIVE_PORTS = range(30000, 30010)  # few, as each is published on the host too
CONNECTIONS = 200  # control and data together; 60 KiB each when busy
BACKLOG = 128
UNREAD_REPLIES = 200  # who sends commands and does not read the replies is hung up on
STALLED_S = 60  # a data connection on which nothing moves
ROOT = Path("/tmp/ftp")  # a tmpfs: it bounds size and number of files, and a reset empties it
FIRST_FILES = Path(__file__).parent / "files"
COMMANDS = {name: each for name, each in proto_cmds.items() if name not in ("STOU", "SITE CHMOD")}
READ, READ_AND_WRITE = "elr", "elradfmwT"
TELNET_SIGNALS = b"\xff\xf4\xf2"  # some clients send them before ABOR (RFC 959 section 4.1.3)


class StoredFile(io.FileIO):
    """A file whose writes are whole, or an error while it can still be told."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write all of it: one call of the system may take less, as on a disk that is nearly full."""
        left = memoryview(data)
        while left:
            left = left[super().write(left) :]
        return len(data)


class Files(AbstractedFS):  # type: ignore[misc]
    """The files under the root, which is all that a client can name."""

    def open(self, filename: str, mode: str) -> StoredFile:
        """Open a file for a transfer."""
        return StoredFile(filename, mode)

    def format_mlsx(self, *arguments: Any, **options: Any) -> Iterator[bytes]:
        """Yield the lines of an MLSD, a mode in octal (the library writes `0o644`, as Python does)."""
        for line in super().format_mlsx(*arguments, **options):
            facts, blank, name = line.partition(b" ")
            yield facts.replace(b"=0o", b"=0") + blank + name


class DataConnection(DTPHandler):  # type: ignore[misc]
    """Moves one file or one listing, and is closed: that is how its end is told."""

    timeout = STALLED_S

    def handle_error(self) -> None:
        """Tell a full disk as such (452); the library tells whatever else went wrong."""
        cause = getattr(sys.exception(), "__context__", None)
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
            self._resp = ("452 There is no space left for this file.", logging.debug)
            self.close()
        else:
            super().handle_error()


class Conversation(FTPHandler):  # type: ignore[misc]
    """One control connection: commands come in, replies go out."""

    authorizer = DummyAuthorizer()
    abstracted_fs = Files
    dtp_handler = DataConnection
    proto_cmds = COMMANDS
    banner = "ftp.lab.test: log in as anonymous to read, as student to write."
    files_sent = files_received = octets = 0

    @property
    def over_ipv4(self) -> bool:
        """Whether this is an IPv4 connection, on the one socket for both families."""
        return bool(self.remote_ip.startswith("::ffff:"))

    def decode(self, line: bytes) -> str:
        """Return a command as text, without what belongs to Telnet."""
        return str(super().decode(line.lstrip(TELNET_SIGNALS)))

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        """Refuse control characters, and octets that are no UTF-8; obey the rest as far as it is allowed."""
        if self._closed or self._closing or self._quit_pending:
            return  # it came behind a QUIT, in the same piece
        if any(each < " " or each in "\x7f\ufffd" for each in line):
            self.respond("501 A command is UTF-8, without control characters.")
        else:
            super().pre_process_command(line, cmd, arg)

    def handle_auth_failed(self, msg: str, password: str) -> None:
        """Refuse a login at once: the library would leave, for a while, a loop that still holds commands."""
        self.attempted_logins += 1
        self.username = ""
        self.respond(f"530 {msg}")
        if self.attempted_logins >= self.max_login_attempts:
            self.close_when_done()

    def push(self, data: str) -> None:
        """Send a reply, or hang up: what a client does not read would be kept in memory for it."""
        super().push(data)
        if len(self.producer_fifo) > UNREAD_REPLIES:
            self.discard_buffers()
            self.call_later(0, self.close)

    def ftp_PASV(self, line: str) -> None:
        """Listen for a data connection; the reply names an IPv4 address, so there must be one."""
        if self.over_ipv4:
            super().ftp_PASV(line)
        else:
            self.respond("425 PASV knows IPv4 addresses only: use EPSV.")

    def ftp_EPSV(self, line: str) -> None:
        """Listen for a data connection; the reply names a port alone, for the family that we talk in."""
        ours, other = ("1", "2") if self.over_ipv4 else ("2", "1")
        if line == other:
            self.respond(f"522 Not that network protocol, use ({ours}).")
        else:
            super().ftp_EPSV("" if line == ours else line)

    def _make_epasv(self, extmode: bool = False) -> None:
        # Left alone the library would take a port that nobody outside the container can reach.
        self.passive_ports = list(self.free_passive_ports())[:1]
        if self.passive_ports:
            super()._make_epasv(extmode)
        else:
            self.respond("425 All ports for data connections are waiting for somebody, try again.")

    def free_passive_ports(self) -> Iterator[int]:
        """Yield, in any order, the passive ports on which nobody listens."""
        address = self.socket.getsockname()[0]
        for port in random.sample(PASSIVE_PORTS, len(PASSIVE_PORTS)):
            with socket.socket(self.socket.family) as sock, suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((address, port))
                yield port

    def log_transfer(self, **transfer: Any) -> None:
        """Count a file."""
        self.files_received += transfer["receive"]
        self.files_sent += not transfer["receive"]
        self.octets += transfer["bytes"]

    def on_disconnect(self) -> None:
        """Write the one line of this conversation."""
        who = self.username if self.authenticated else "nobody"
        moved = f"{self.files_sent} files sent, {self.files_received} received, {self.octets} octets"
        log((self.remote_ip, self.remote_port), f"{who}: {moved}")


def main() -> None:
    """Put the first files in their place and serve."""
    logging.basicConfig(level=logging.ERROR)  # what clients do wrong is told to them, not to us
    shutil.copytree(FIRST_FILES, ROOT, dirs_exist_ok=True)
    Conversation.authorizer.add_anonymous(str(ROOT), perm=READ)
    Conversation.authorizer.add_user("student", "lab", str(ROOT), perm=READ_AND_WRITE)
    listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    server = FTPServer(listener, Conversation, backlog=BACKLOG)
    server.max_cons = CONNECTIONS
    server.serve_forever(handle_exit=False)


if __name__ == "__main__":
    main()
