"""What makes an FTP server right (RFC 959, 2428, 3659): `anonymous` reads, `student`/`lab` writes too.

What a check needs on the server it puts there, in a folder of its own, and takes away again.
"""

import contextlib
import ftplib
import io
import random
import re
import socket
import struct
import time

from services.checking import (
    CheckFailed,
    Target,
    check,
    expect,
    expect_equal,
    receive_line,
    receive_until_eof,
)
from services.ftp.client_side import (
    EVERY_OCTET,
    Client,
    connected,
    expect_refusal,
    expect_same,
    guest,
    student,
    student_in_a_folder,
)

IDLE_CLIENTS = 20
LINE_OCTETS = 1024 * 1024
A_PIECE_S = 0.05
# What to say, and what RFC 959 section 5.4 lets a server answer; 202 and 502 are for what it lacks.
REPLIES = (
    ("NOOP", "200"),
    ("SYST", "215"),
    ("HELP", "211 214"),
    ("STAT", "211"),
    ("MKD sub", "257"),
    ("CWD sub", "250"),
    ("PWD", "257"),
    ("CDUP", "200"),
    ("RMD sub", "250"),
    ("RMD sub", "550"),
    ("CWD sub", "550"),
    ("DELE sub", "450 550"),
    ("RNFR sub", "450 550"),
    ("RNTO sub", "503"),
    ("TYPE I", "200"),
    ("STRU F", "200"),
    ("MODE S", "200"),
    ("ALLO 10", "200 202"),
    ("REST 0", "350"),
    ("ACCT x", "202 230 503 530"),
    ("SMNT x", "202 250 502 550"),
    ("SITE X", "200 202 500 501"),
    ("ABOR", "225 226"),
    ("XYZZY", "500 502"),
    ("RETR sub", "450 550"),
    ("STAT sub", "450"),
    ("USER", "500 501"),
)


@check()
def student_logs_in(target: Target) -> None:
    """The server greets with 220, and the user student logs in with the password lab."""
    with contextlib.closing(connected(target)) as ftp:
        expect_equal((ftp.getwelcome() or "")[:3], "220")
        expect_equal(ftp.login("student", "lab")[:3], "230")


@check(needs="student_logs_in")
def nothing_is_told_before_the_login(target: Target) -> None:
    """Without a login nothing is told or done, and a wrong password is none."""
    with contextlib.closing(connected(target)) as ftp:
        for command in ("PWD", "LIST", "RETR x", "DELE x", "PASV"):
            expect_refusal(ftp, command, "530")
        expect_equal(ftp.sendcmd("USER student")[:3], "331")
        expect_refusal(ftp, "PASS wrong", "530")
        expect_refusal(ftp, "PWD", "530")


@check(needs="student_logs_in")
def binary_file_comes_back(target: Target) -> None:
    """A file stored in binary (TYPE I) comes back octet for octet, with its size."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("octets", EVERY_OCTET)
        expect_equal(ftp.size("octets"), len(EVERY_OCTET))
        expect_same(ftp.retrieve("octets"), EVERY_OCTET)


@check(needs="binary_file_comes_back")
def storing_again_replaces(target: Target) -> None:
    """A file stored again replaces what was there, APPE adds to it, and a file of no octets is a file."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("file", b"something long")
        ftp.store("file", b"short")
        expect_equal(ftp.retrieve("file"), b"short")
        ftp.storbinary("APPE file", io.BytesIO(b" and more"))
        expect_equal(ftp.retrieve("file"), b"short and more")
        ftp.store("file", b"")
        expect_equal(ftp.retrieve("file"), b"")


@check(needs="binary_file_comes_back", timeout_s=30)
def large_file_comes_back(target: Target) -> None:
    """A file of 4 MiB goes there and back unchanged."""
    content = random.Random(959).randbytes(4 * 1024 * 1024)
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("large", content)
        expect_same(ftp.retrieve("large"), content)


@check(needs="binary_file_comes_back")
def text_travels_with_crlf(target: Target) -> None:
    """Text (TYPE A) travels with CRLF at the end of a line, and is kept with a line feed."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.storlines("STOR text", io.BytesIO(b"one\ntwo\n\nfour\n"))
        expect_equal(ftp.retrieve("text"), b"one\ntwo\n\nfour\n", hint="TYPE A: translate on the way in")
        travelling = ftp.retrieve("text", kind="A")
        expect_equal(travelling, b"one\r\ntwo\r\n\r\nfour\r\n", hint="TYPE A: translate on the way out")


@check(needs="text_travels_with_crlf")
def text_loses_no_octet(target: Target) -> None:
    """Only a line end is translated in TYPE A: every other octet is kept, a CR at the very end too."""
    with student_in_a_folder(target) as (ftp, _):
        for pieces in ([b"one\r"], [b"one\r", b"\ntwo\r", b"three\r\r\n"], [bytes(range(256)) + b"\r"]):
            ftp.voidcmd("TYPE A")
            with ftp.transfercmd("STOR text") as data:
                for piece in pieces:
                    data.sendall(piece)
                    time.sleep(A_PIECE_S)  # so that each arrives as a piece of its own
            ftp.voidresp()
            expected = b"".join(pieces).replace(b"\r\n", b"\n")
            expect_equal(ftp.retrieve("text"), expected, hint="a CR may be the last octet of a piece")


@check(needs="student_logs_in")
def type_in_all_its_ways(target: Target) -> None:
    """TYPE is taken as `A N`, `I` and `L 8`, in any case, STRU as `F`, MODE as `S` (RFC 1123 4.1.2.13)."""
    with student(target) as ftp:
        for command in ("TYPE A", "TYPE A N", "type a n", "TYPE I", "TYPE L 8", "STRU F", "MODE S"):
            expect_equal(ftp.sendcmd(command)[:3], "200", hint=command)
        for command in ("TYPE E", "TYPE A T", "STRU P", "MODE B"):
            expect_refusal(ftp, command, "504", hint="known, and not done here")


@check(needs="student_logs_in")
def options_of_clients_are_taken(target: Target) -> None:
    """`OPTS UTF8 ON` is 200, as several clients ask at once, and LIST passes over `-la` before any path."""
    with student_in_a_folder(target) as (ftp, top):
        expect_equal(ftp.sendcmd("OPTS UTF8 ON")[:3], "200", hint="Windows Explorer stops at anything else")
        fill(ftp)
        for command in ("LIST -la", f"LIST -la {top}", f"LIST -a -l {top}"):
            lines = ftp.receive(command).decode(errors="replace").split("\r\n")[:-1]
            expect_equal(len(lines), 3, hint=f"{command}: words that begin with - are options, not a path")


@check(needs="binary_file_comes_back")
def stores_under_a_new_name(target: Target) -> None:
    """STOU stores under a name of the server's own, and tells it: `150 FILE: name` (RFC 1123 4.1.2.9)."""
    with student_in_a_folder(target) as (ftp, _):
        names = []
        for _ in range(2):
            ftp.voidcmd("TYPE I")
            reply, data = ftp.begin("STOU")
            with data:
                data.sendall(b"unique")
            ftp.voidresp()
            found = re.match(r"1(?:25|50) FILE: (\S+)", reply)
            expect(found, expected="150 FILE: and a name", got=reply)
            names.append(found[1] if found else "")
        expect_equal(sorted(ftp.nlst()), sorted(names), hint="two names, and both files")
        expect_equal(ftp.retrieve(names[0]), b"unique")


@check(needs="student_logs_in")
def replies_are_those_of_the_rfc(target: Target) -> None:
    """Each command is answered by one of the codes that RFC 959 section 5.4 lists for it."""
    with student_in_a_folder(target) as (ftp, _):
        for command, codes in REPLIES:
            try:
                reply = ftp.sendcmd(command)
            except (ftplib.error_temp, ftplib.error_perm) as error:
                reply = str(error)
            expect(reply[:3] in codes.split(), expected=f"{codes} to {command}", got=reply)


@check(needs="student_logs_in")
def a_position_is_digits(target: Target) -> None:
    """The number of REST is digits, 0 to 9: `1_0`, `+5` and `-1` are 501, whatever Python's `int` takes."""
    with student(target) as ftp:
        ftp.voidcmd("TYPE I")
        for number in ("1_0", "+5", "-1", "\u0661", "x"):
            expect_refusal(ftp, f"REST {number}", "501")


@check(needs="binary_file_comes_back")
def a_transfer_can_be_aborted(target: Target) -> None:
    """ABOR in the middle of a transfer ends it with 426, then 226; urgent data before it does no harm."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("large", b"x" * 8 * 1024 * 1024)
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("RETR large") as data:
            data.recv(1)
            ftp.control.sendall(b"\xff\xf4\xff")
            ftp.control.sendall(b"\xf2", socket.MSG_OOB)
            ftp.control.sendall(b"ABOR\r\n")
            hint = (
                "read the control connection while something moves; SO_OOBINLINE keeps urgent data in place"
            )
            expect_equal(ftp.getmultiline()[:3], "426", hint=hint)
            expect_equal(ftp.getmultiline()[:3], "226")
        expect_equal(ftp.sendcmd("NOOP")[:3], "200")


@check(needs="binary_file_comes_back")
def changes_the_directory(target: Target) -> None:
    """MKD, CWD, CDUP and PWD lead through a tree, and a name is relative to where one is."""
    with student_in_a_folder(target) as (ftp, top):
        ftp.mkd("a b")
        ftp.cwd("a b")
        expect_equal(ftp.pwd(), f"{top}/a b")
        ftp.store("here", b"x")
        ftp.sendcmd("CDUP")
        expect_equal(ftp.pwd(), top)
        expect_equal(ftp.retrieve("a b/here"), b"x")
        expect_equal(ftp.retrieve(f"{top}/a b/here"), b"x")
        expect_refusal(ftp, "CWD nosuch", "550")
        expect_equal(ftp.pwd(), top, hint="a CWD that fails changes nothing")


@check(needs="binary_file_comes_back")
def nlst_lists_names(target: Target) -> None:
    """NLST gives the names alone, a line each, of files and folders."""
    with student_in_a_folder(target) as (ftp, _):
        expect_equal(ftp.nlst(), [], hint="an empty folder is an empty listing, not an error")
        fill(ftp)
        expect_equal(sorted(ftp.nlst()), ["file", "folder", "jalapeño.txt"])


@check(needs="nlst_lists_names")
def list_is_for_people(target: Target) -> None:
    """LIST gives a line for each file, as `ls -l` does: kind, size and name."""
    with student_in_a_folder(target) as (ftp, _):
        fill(ftp)
        octets = ftp.receive("LIST")
    lines = octets.decode(errors="replace").split("\r\n")[:-1]
    expect_equal(len(lines), 3, hint="each line ends with CRLF")
    for line in lines:
        expect(re.match(r"[-d]r[-rwx]{8}\s", line), expected="a line as of `ls -l`", got=line)
    sizes = {line.split()[-1]: line.split()[4:5] for line in lines if line.startswith("-")}
    expect_equal(sizes, {"file": ["4096"], "jalapeño.txt": ["3"]})


@check(needs="nlst_lists_names")
def mlsd_is_for_programs(target: Target) -> None:
    """MLSD gives each file's type, size and time as facts that need no guessing."""
    with student_in_a_folder(target) as (ftp, _):
        fill(ftp)
        with contextlib.suppress(ftplib.error_perm):  # a mode is extra
            ftp.sendcmd("OPTS MLST type;size;modify;unix.mode;")
        entries = {name: facts for name, facts in ftp.mlsd() if facts.get("type") in ("file", "dir")}
    kinds = {name: facts["type"] for name, facts in entries.items()}
    expect_equal(kinds, {"file": "file", "folder": "dir", "jalapeño.txt": "file"})
    expect_equal(entries["file"].get("size"), "4096")
    modified = entries["file"].get("modify", "")
    expect(re.fullmatch(r"\d{14}(\.\d+)?", modified), expected="modify=YYYYMMDDHHMMSS", got=modified)
    mode = entries["file"].get("unix.mode", "0644")
    expect(re.fullmatch(r"[0-7]+", mode), expected="a unix.mode in octal digits", got=mode)


@check(needs="binary_file_comes_back")
def renames_and_deletes(target: Target) -> None:
    """RNFR and RNTO rename, DELE deletes a file, RMD an empty folder; what is not there is 550."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("old", b"x")
        ftp.rename("old", "new")
        expect_equal((ftp.nlst(), ftp.retrieve("new")), (["new"], b"x"))
        ftp.mkd("folder")
        ftp.delete("new")
        ftp.rmd("folder")
        expect_equal(ftp.nlst(), [])
        ftp.voidcmd("TYPE I")
        for command in ("DELE new", "RMD folder", "RNFR old", "SIZE new", "RETR new"):
            expect_refusal(ftp, command, "550")


@check(needs="binary_file_comes_back")
def broken_transfer_is_resumed(target: Target) -> None:
    """After REST a transfer begins where the first attempt has ended."""
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("file", b"0123456789")
        expect_equal(ftp.retrieve("file", rest=4), b"456789")
        expect_equal(ftp.retrieve("file"), b"0123456789", hint="REST is for the next transfer only")


@check(needs="binary_file_comes_back")
def transfers_passively(target: Target) -> None:
    """In passive mode the client connects: to the address and port of PASV, or to the port of EPSV."""
    with student_in_a_folder(target.over(socket.AF_INET)) as (ftp, _):
        ftp.store("file", b"passive")
        peer = ftp.control.getpeername()
        host, port = ftplib.parse227(ftp.sendcmd("PASV"))
        expect_equal(host, peer[0], hint="name the address that the client has come to")
        expect_equal(ftp.retrieve_from("file", host, port), b"passive")
        for command in ("EPSV", "EPSV 1"):
            host, port = ftplib.parse229(ftp.sendcmd(command), peer)
            expect_equal(ftp.retrieve_from("file", host, port), b"passive")
    with student_in_a_folder(target.over(socket.AF_INET6)) as (ftp, _):
        ftp.store("file", b"passive")
        expect_equal(ftp.retrieve("file"), b"passive", hint="EPSV, RFC 2428")
        expect_refusal(ftp, "PASV", "4", "5", hint="a PASV reply has no room for an IPv6 address")


@check(needs="binary_file_comes_back")
def transfers_actively(target: Target) -> None:
    """In active mode the server connects: to what PORT says, or EPRT, over either family."""
    for family, number in ((socket.AF_INET, 1), (socket.AF_INET6, 2)):
        with student_in_a_folder(target.over(family)) as (ftp, _):
            ftp.set_pasv(False)
            ftp.store("file", EVERY_OCTET)
            expect_same(ftp.retrieve("file"), EVERY_OCTET)
            expect_equal(ftp.nlst(), ["file"])
            ftp.voidcmd("TYPE I")
            address = ftp.control.getsockname()[0]
            with socket.create_server((address, 0), family=family) as listener:
                listener.settimeout(5)
                ftp.sendcmd(f"EPRT |{number}|{address}|{listener.getsockname()[1]}|")
                ftp.sendcmd("RETR file")
                data, _ = listener.accept()
                with data:
                    expect_same(receive_until_eof(data), EVERY_OCTET)
                ftp.voidresp()


@check(needs="transfers_actively")
def connects_to_nobody_else(target: Target) -> None:
    """Active mode leads to the client alone: not to another address, not to a well-known port (RFC 2577)."""
    with student(target.over(socket.AF_INET)) as ftp:
        ours = ftp.control.getsockname()[0].replace(".", ",")
        # Multicast addresses: should the server try, its kernel connects nowhere, and nobody is disturbed.
        for command in ("PORT 224,0,0,1,40,0", "EPRT |1|224.0.0.1|10240|", "EPRT |2|ff02::1|10240|"):
            expect_refusal(ftp, command, "5", hint="else it attacks others for whoever asks (a bounce)")
        expect_refusal(ftp, f"PORT {ours},0,25", "5", hint="else it says to a mail server what a file says")
        for command in ("PORT 1,2,3", "PORT a,b,c,d,e,f", "PORT 300,1,1,1,1,1", "EPRT |9|x|1|", "EPRT x"):
            expect_refusal(ftp, command, "5")


@check(needs="binary_file_comes_back")
def anonymous_reads(target: Target) -> None:
    """The user anonymous, whatever the password, lists and fetches what is there."""
    with student_in_a_folder(target) as (ftp, top):
        ftp.store("file", b"for everybody")
        for password in ("", "me@lab.test"):
            with guest(target, password) as visitor:
                visitor.cwd(top)
                expect_equal((visitor.nlst(), visitor.retrieve("file")), (["file"], b"for everybody"))


@check(needs="anonymous_reads")
def anonymous_changes_nothing(target: Target) -> None:
    """The user anonymous stores, deletes, renames and makes nothing."""
    with student_in_a_folder(target) as (ftp, top), guest(target) as visitor:
        ftp.store("file", b"as it was")
        visitor.cwd(top)
        for command in ("STOR file", "APPE file", "STOR new", "STOU"):
            with contextlib.suppress(ftplib.error_perm):
                visitor.storbinary(command, io.BytesIO(b"mine"))
        for command in ("DELE file", "RNFR file", "MKD folder", f"RMD {top}", "MFMT 20200101000000 file"):
            expect_refusal(visitor, command, "5")
        expect_equal((ftp.nlst(), ftp.retrieve("file")), (["file"], b"as it was"))


@check(needs="binary_file_comes_back")
def nothing_outside_the_root_is_reached(target: Target) -> None:
    """No spelling of a path leads out of the tree of files."""
    up = 12 * "../"
    with student_in_a_folder(target) as (ftp, _):
        ftp.store("file", b"x")
        ftp.voidcmd("TYPE I")
        for path in ("/etc/passwd", f"{up}etc/passwd", f"/{up}etc/passwd", "//etc/passwd", "~/../etc/passwd"):
            for command in (f"RETR {path}", f"SIZE {path}", f"MLST {path}", f"CWD {path[:-7]}"):
                expect_refusal(ftp, command, "5")
            ftp.sendcmd("RNFR file")
            expect_refusal(ftp, f"RNTO {path[:-7]}/file", "5")
        for _ in range(3):
            ftp.sendcmd("CDUP")
        expect_equal(ftp.pwd(), "/")


@check(needs="student_logs_in")
def nonsense_is_refused(target: Target) -> None:
    """Whatever is no command, or lacks what it needs, is 5xx, and the conversation goes on."""
    with student(target) as ftp:
        for line in (
            b"",
            b"XYZZY",
            b"\xc3\x28",
            b"RETR",
            b"RETR a\0b",
            b"CWD a\x1b[2Jb",
            b"TYPE Z",
            b"REST x",
        ):
            ftp.control.sendall(line + b"\r\n")
            with contextlib.suppress(ftplib.error_perm):
                raise CheckFailed(f"5xx for {line!r}", ftp.getresp())
        expect_equal(ftp.sendcmd("NOOP")[:1], "2")


@check(needs="student_logs_in")
def endless_line_is_refused(target: Target) -> None:
    """A line of a mebibyte is refused, or ends the conversation, and the next client is served."""
    with target.connect() as sock:
        receive_line(sock)
        with contextlib.suppress(ConnectionError):
            sock.sendall(b"x" * LINE_OCTETS)
            reply = receive_line(sock)
            expect(reply[:1] in (b"4", b"5"), expected="5xx or 421, before the line ends", got=reply)
    with student(target) as ftp:
        expect_equal(ftp.sendcmd("NOOP")[:1], "2")


@check(needs="binary_file_comes_back")
def idle_clients_delay_nobody(target: Target) -> None:
    """Twenty clients, some in the middle of a transfer, do not keep another one waiting."""
    with contextlib.ExitStack() as stack, student_in_a_folder(target) as (ftp, top):
        ftp.store("large", b"x" * 4 * 1024 * 1024)
        for number in range(IDLE_CLIENTS):
            idle = stack.enter_context(student(target))
            if number % 4 == 0:
                idle.voidcmd("TYPE I")
                stack.enter_context(idle.transfercmd(f"RETR {top}/large"))
        ftp.store("file", b"x")
        expect_equal(ftp.retrieve("file"), b"x")


@check(needs="binary_file_comes_back")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connections in the middle of a transfer harms nobody else."""
    with student_in_a_folder(target) as (ftp, top):
        for command in ("LIST", f"STOR {top}/cut", "MLSD"):
            with contextlib.closing(connected(target)) as rude:
                rude.login("student", "lab")
                for sock in (rude.transfercmd(command), rude.control):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    sock.close()  # with linger 0 this sends RST (RFC 9293 section 3.10.4)
        ftp.store("other", b"x")
        expect_equal(ftp.retrieve("other"), b"x")


@check(needs="student_logs_in")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6, on control and data connections."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with student_in_a_folder(target.over(family)) as (ftp, _):
            ftp.store("file", b"family")
            expect_equal(ftp.retrieve("file"), b"family")


def fill(ftp: Client) -> None:
    """Put two files and a folder where the client is."""
    ftp.store("file", EVERY_OCTET)
    ftp.store("jalapeño.txt", b"abc")
    ftp.mkd("folder")
