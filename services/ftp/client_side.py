"""What the checks stand on: a client that says each step, on top of the library's."""

import contextlib
import ftplib
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from services.checking import Target, expect, receive_until_eof
from services.checking.target import SOCKET_TIMEOUT_S

EVERY_OCTET = bytes(range(256)) * 16


class Client(ftplib.FTP):
    """A control connection that knows what it is connected with."""

    @property
    def control(self) -> socket.socket:
        """The socket, as it is between connecting and closing."""
        assert self.sock is not None
        return self.sock

    def store(self, name: str, content: bytes) -> None:
        """Store a file as it is."""
        self.voidcmd("TYPE I")
        with self.transfercmd(f"STOR {name}") as data:
            data.sendall(content)
        self.voidresp()

    def retrieve(self, name: str, *, kind: str = "I", rest: int | None = None) -> bytes:
        """Return a file: in TYPE `I` as it is, in TYPE `A` as text travels."""
        return self.receive(f"RETR {name}", kind=kind, rest=rest)

    def receive(self, command: str, *, kind: str = "A", rest: int | None = None) -> bytes:
        """Return what a command sends over a data connection, by default a listing."""
        self.voidcmd(f"TYPE {kind}")
        with self.transfercmd(command, rest) as data:
            octets = receive_until_eof(data)
        self.voidresp()
        return octets

    def begin(self, command: str) -> tuple[str, socket.socket]:
        """Begin a transfer passively; return the reply before it and the data connection."""
        host, port = self.makepasv()
        data = socket.create_connection((host, port), timeout=SOCKET_TIMEOUT_S)
        return self.sendcmd(command), data

    def retrieve_from(self, name: str, host: str, port: int) -> bytes:
        """Return a file by a data connection to a place that the server has named."""
        self.voidcmd("TYPE I")
        with socket.create_connection((host, port), timeout=SOCKET_TIMEOUT_S) as data:
            self.sendcmd(f"RETR {name}")
            octets = receive_until_eof(data)
        self.voidresp()
        return octets

    def remove_all(self, path: str) -> None:
        """Remove a folder and what is in it."""
        with contextlib.suppress(ftplib.error_perm):  # some answer an empty folder so
            for name in self.nlst(path):
                each = f"{path}/{name.rpartition('/')[2]}"
                try:
                    self.delete(each)
                except ftplib.error_perm:
                    self.remove_all(each)
        self.rmd(path)


def connected(target: Target) -> Client:
    """Return a control connection on which the greeting has been read."""
    ftp = Client(encoding="utf-8")
    ftp.connect(target.host, target.port, timeout=SOCKET_TIMEOUT_S)
    return ftp


@contextmanager
def guest(target: Target, password: str = "") -> Iterator[Client]:
    """Be anonymous."""
    with contextlib.closing(connected(target)) as ftp:
        ftp.login("anonymous", password)
        yield ftp


@contextmanager
def student(target: Target) -> Iterator[Client]:
    """Be student."""
    with contextlib.closing(connected(target)) as ftp:
        ftp.login("student", "lab")
        yield ftp


@contextmanager
def student_in_a_folder(target: Target) -> Iterator[tuple[Client, str]]:
    """Be student in a new folder, which is removed at the end; yield its path too."""
    with student(target) as ftp:
        path = f"/check-{secrets.token_hex(4)}"
        ftp.mkd(path)
        ftp.cwd(path)
        try:
            yield ftp, path
        finally:
            with contextlib.suppress(*ftplib.all_errors):
                ftp.cwd("/")
                ftp.remove_all(path)


def expect_refusal(ftp: ftplib.FTP, command: str, *codes: str, hint: str = "") -> None:
    """Raise CheckFailed unless the reply to a command begins with one of these (`5` for any 5xx)."""
    try:
        reply = ftp.sendcmd(command)
    except (ftplib.error_temp, ftplib.error_perm) as error:
        reply = str(error)
    wanted = " or ".join(code.ljust(3, "x") for code in codes)
    expect(reply.startswith(codes), expected=f"{wanted} for {command}", got=reply, hint=hint)


def expect_same(got: bytes, expected: bytes) -> None:
    """Raise CheckFailed unless these are the same octets."""
    expect(got == expected, expected=f"the same {len(expected)} octets", got=f"{len(got)} octets, others")
