"""FTP without a socket: commands, replies and states, files in a temporary folder."""

import errno
import os
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from services.ftp.files import Files, Receiving, Sending, StoredFile
from services.ftp.line_ends import FromNetwork, to_network
from services.ftp.session import Session
from services.ftp.state import Connect, Listen, Transfer


@pytest.fixture
def session(tmp_path: Path) -> Session:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "file").write_bytes(b"0123456789")
    session = Session(Files(root), ip_address("10.0.0.1"), ip_address("10.0.0.2"))
    assert codes(session, "USER student", "PASS lab") == "331 230"
    return session


def reply_of(session: Session, line: str | bytes) -> str:
    """Return the reply to a command that leads to nothing else."""
    step = session.answer((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
    assert isinstance(step, str), step
    return step


def codes(session: Session, *lines: str | bytes) -> str:
    return " ".join(reply_of(session, line)[:3] for line in lines)


def sent(session: Session, line: str) -> bytes:
    """Return what a command sends over the data connection."""
    step = session.answer(f"{line}\r\n".encode())
    assert isinstance(step, Transfer) and isinstance(step.what, Sending), step
    octets = b"".join(step.what.pieces)
    step.what.close()
    return octets


def stored(session: Session, line: str, *pieces: bytes) -> str:
    """Give a command some pieces to store; return the reply before."""
    step = session.answer(f"{line}\r\n".encode())
    assert isinstance(step, Transfer) and isinstance(step.what, Receiving), step
    for piece in pieces:
        step.what.write(piece)
    step.what.finish()
    step.what.close()
    return step.opening


def test_every_command_has_a_reply_before_and_after_the_login(session: Session, tmp_path: Path) -> None:
    nobody = Session(Files(tmp_path), session.ours, session.theirs)
    for verb in session.verbs():
        for argument in ("", " x", " /", " -1", " A", " MLST", " ALL", " \u0661"):
            step = session.answer(f"{verb}{argument}\r\n".encode())
            if isinstance(step, Transfer):
                step.what.close()
            elif isinstance(step, str):
                assert step[:3].isdigit() and step[3:4] in (" ", "-"), (verb, argument, step)
            session.answer(b"USER student\r\n")
            session.answer(b"PASS lab\r\n")
            if verb not in nobody.before_login:
                assert reply_of(nobody, f"{verb}{argument}")[:3] == "530"


@pytest.mark.parametrize(
    "line",
    [b"", b"XYZZY", b"\xc3\x28", b"RETR a\0b", b"CWD a\x1b[2J", b"NOOP " + b"x" * 3000, b"DELE"],
    ids=repr,
)
def test_nonsense_is_refused_and_the_conversation_goes_on(session: Session, line: bytes) -> None:
    assert codes(session, line)[0] == "5"
    assert codes(session, "NOOP") == "200"


def test_telnet_signals_before_a_command_are_passed_over(session: Session) -> None:
    assert codes(session, b"\xff\xf4\xf2ABOR", b"\xff\xf4\xffABOR") == "225 225"
    assert session.verb_of(b"\xff\xf4\xff\xf2abor\r\n") == "ABOR"


@pytest.mark.parametrize("path", ["../file", "/../../file", "folder/../../file", "//file", "./file", "/file"])
def test_no_spelling_of_a_path_leads_out(session: Session, path: str) -> None:
    assert codes(session, "TYPE I", f"SIZE {path}") == "200 213"
    assert codes(session, "CWD ..", f"SIZE {path}x") == "250 550"


def test_a_quote_in_a_path_is_doubled(session: Session) -> None:
    assert reply_of(session, 'MKD a"b').startswith('257 "/a""b"')


def test_rest_is_for_one_transfer_and_counts_in_digits(session: Session) -> None:
    assert codes(session, "REST 4", "TYPE I", "REST 1_0", "REST +4", "REST 4") == "501 200 501 501 350"
    assert [sent(session, "RETR file"), sent(session, "RETR file")] == [b"456789", b"0123456789"]
    assert codes(session, "REST 11", "RETR file") == "350 550"
    assert codes(session, "REST 4") == "350"
    stored(session, "STOR file", b"ab")
    assert sent(session, "RETR file") == b"0123ab6789"


def test_rnto_follows_rnfr_at_once(session: Session) -> None:
    assert codes(session, "RNFR file", "NOOP", "RNTO new") == "350 200 503"
    assert codes(session, "RNFR file", "RNTO nosuch/new", "RNFR file", "RNTO new") == "350 553 350 250"


def test_stou_tells_a_name_that_nothing_has(session: Session) -> None:
    session.answer(b"TYPE I\r\n")
    name = stored(session, "STOU", b"mine").removeprefix("150 FILE: ")
    assert sent(session, f"RETR {name}") == b"mine"


@pytest.mark.parametrize("options", ["", "-la", "-l -a", "-la /", "-a  /"])
def test_list_passes_over_options(session: Session, options: str) -> None:
    assert sent(session, f"LIST {options}".rstrip()).count(b"\r\n") == 2


def test_what_is_not_there_is_not_listed(session: Session) -> None:
    assert (
        codes(session, "LIST nosuch", "NLST nosuch", "STAT nosuch", "MLSD nosuch", "MLST nosuch")
        == "450 450 450 501 550"
    )
    assert sent(session, "NLST file") == b"file\r\n"


def test_anonymous_changes_nothing(session: Session) -> None:
    assert codes(session, "USER anonymous", "PASS") == "331 230"
    told = codes(session, "STOR x", "APPE file", "STOU", "DELE file", "MKD x", "RMD folder", "RNFR file")
    assert told == "532 532 532 550 550 550 550"
    assert codes(session, "MFMT 20200101000000 file") == "550"
    assert sent(session, "NLST") == b"file\r\nfolder\r\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("PORT 10,0,0,3,40,0", "501"),
        ("PORT 10,0,0,2,0,25", "501"),
        ("PORT 10,0,0,256,40,0", "501"),
        ("PORT 1_0,0,0,2,40,0", "501"),
        ("PORT \u0661,0,0,2,40,0", "501"),
        ("EPRT |1|10.0.0.3|10240|", "501"),
        ("EPRT |1|10.0.0.2|99999|", "501"),
        ("EPRT |1|010.0.0.2|10240|", "501"),
        ("EPRT |2|::1|10240|", "522"),
        ("EPRT x", "501"),
        ("EPSV 2", "522"),
        ("EPSV x", "522"),
    ],
)
def test_the_server_connects_to_its_client_alone(session: Session, line: str, code: str) -> None:
    assert codes(session, line) == code


def test_each_way_to_meet_is_understood(session: Session) -> None:
    there = Connect(ip_address("10.0.0.2"), 10240)
    assert (
        session.answer(b"PORT 10,0,0,2,40,0\r\n") == session.answer(b"EPRT !1!10.0.0.2!10240!\r\n") == there
    )
    assert session.answer(b"PASV\r\n") == Listen("227 Entering Passive Mode (10,0,0,1,{high},{low}).")
    assert isinstance(session.answer(b"EPSV 1\r\n"), Listen)
    assert codes(session, "EPSV ALL", "PASV", "PORT 10,0,0,2,40,0") == "200 503 503"


def test_three_wrong_passwords_end_it(tmp_path: Path) -> None:
    session = Session(Files(tmp_path), ip_address("::1"), ip_address("::1"))
    assert codes(session, "PASS lab", *["USER student", "PASS lub"] * 3) == "503 331 530 331 530 331 530"
    assert session.ending


def cuts(octets: bytes) -> Iterator[list[bytes]]:
    """Yield some octets whole, one by one, and cut in two everywhere."""
    yield [octets]
    yield [octets[n : n + 1] for n in range(len(octets))]
    yield from ([octets[:n], octets[n:]] for n in range(1, len(octets)))


@pytest.mark.parametrize(
    "octets", [b"", b"\r", b"\n", b"a\r\nb\r", b"\r\r\n\n\r\n\r\r", bytes(range(256)) + b"\r"]
)
def test_text_is_the_same_whatever_pieces_it_comes_in(octets: bytes) -> None:
    for pieces in cuts(octets):
        translator = FromNetwork()
        kept = b"".join(map(translator.translate, pieces)) + translator.finish()
        assert kept == octets.replace(b"\r\n", b"\n")
    travelling = b"".join(to_network([octets]))
    translator = FromNetwork()
    assert translator.translate(travelling) + translator.finish() == octets


def test_a_full_disk_is_told_by_its_code(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*arguments: object) -> StoredFile:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Files, "open", no_room)
    assert codes(session, "STOR x") == "452"
