"""SMTP without a socket: what is a path, who logs in, and whole conversations of real clients."""

import base64

import pytest

from services.mail.addresses import BadSyntax, maildrop_name, parse_path
from services.mail.smtp_session import BAD_COMMANDS, SmtpSession
from services.mail.store import Store

RIGHT = [
    ("<>", "", {}),
    ("<ana@lab.test>", "ana@lab.test", {}),
    (" <ana@lab.test> SIZE=10 BODY=8BITMIME", "ana@lab.test", {"SIZE": "10", "BODY": "8BITMIME"}),
    ("ana@lab.test SMTPUTF8", "ana@lab.test", {"SMTPUTF8": ""}),
    ("<@a.test,@b.test:ana@lab.test>", "ana@lab.test", {}),
    ('<"q > s"@lab.test>', '"q > s"@lab.test', {}),
    ("<a+b=c/d@[IPv6:fd6c::1]>", "a+b=c/d@[IPv6:fd6c::1]", {}),
    ("<Postmaster>", "Postmaster", {}),
    ("<jos\u00e9@lab.test>", "jos\u00e9@lab.test", {}),
]
WRONG = [
    "",
    "ana",
    "<ana>",
    "<ana@>",
    "<@lab.test>",
    "<ana@lab..test>",
    "<.ana@lab.test>",
    "<ana@-lab.test>",
    "<a na@lab.test>",
    "<ana@lab.test",
    "<ana@lab.test>SIZE=1",
    "<ana@lab.test> SIZE=1 SIZE=2",
    "<ana@lab.test> SIZE=a=b",
    "<ana@lab.test> _=1",
    f"<{'a' * 65}@lab.test>",
    f"<a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}>",
]


def say(session: SmtpSession, *lines: str | bytes) -> list[str]:
    """Return the codes of the replies to some lines."""
    octets = [line.encode() if isinstance(line, str) else line for line in lines]
    return [b"".join(session.answer(line + b"\r\n")).decode()[:3] for line in octets]


@pytest.mark.parametrize(("text", "address", "parameters"), RIGHT)
def test_a_path_is_read(text: str, address: str, parameters: dict[str, str]) -> None:
    assert parse_path(text) == (address, parameters)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(BadSyntax):
        parse_path(text)


def test_a_name_is_the_same_in_any_case_and_with_its_accent_apart() -> None:
    assert maildrop_name("Jose\u0301") == maildrop_name("JOS\u00c9") == "jos\u00e9"


def test_a_message_lies_in_the_maildrop_as_it_was_sent() -> None:
    store = Store()
    session = SmtpSession(store)
    assert say(session, "EHLO x", "MAIL FROM:<>", "RCPT TO:<Ana@LAB.test>", "DATA") == [
        "250",
        "250",
        "250",
        "354",
    ]
    assert say(session, "..dot", "", "text", ".", "QUIT") == ["", "", "", "250", "221"]
    [message] = store.messages("ana")
    assert b"".join(message.content) == b".dot\r\n\r\ntext\r\n"
    assert session.ending == "QUIT"


def test_who_leaves_in_the_middle_leaves_nothing_behind() -> None:
    store = Store()
    session = SmtpSession(store)
    say(session, "EHLO x", "MAIL FROM:<>", "RCPT TO:<ana@lab.test>", "DATA", "half a message")
    assert store.used_octets > 0
    session.leave()
    assert (store.used_octets, store.messages("ana")) == (0, [])


@pytest.mark.parametrize("verb", SmtpSession.syntax)
def test_each_command_is_carried_out_in_any_state_and_has_a_reply(verb: str) -> None:
    for before in (
        [],
        ["EHLO x"],
        ["EHLO x", "MAIL FROM:<>"],
        ["HELO x", "MAIL FROM:<>", "RCPT TO:<a@lab.test>"],
    ):
        for argument in ("", " x", " FROM:<", " TO:<>", " PLAIN ="):
            session = SmtpSession(Store())
            say(session, *before)
            [code] = say(session, verb + argument)
            assert code[:1] in {"2", "3", "5"} and code != "500"


@pytest.mark.parametrize(
    "line", [b"", b"XYZZY", b"NO\0OP", b"NOOP \x1b[2J", b"NOOP \xff", b"NOOP " + b"x" * 2000], ids=repr
)
def test_what_is_no_command_is_500_and_the_last_one_ends_it(line: bytes) -> None:
    session = SmtpSession(Store())
    assert say(session, *[line] * BAD_COMMANDS) == ["500"] * (BAD_COMMANDS - 1) + ["421"]
    assert session.ending


@pytest.mark.parametrize("secret", [b"\0ana\0lab", b"ana\0ana\0lab", "\0jos\u00e9\0lab".encode()])
def test_plain_takes_the_right_password(secret: bytes) -> None:
    coded = base64.b64encode(secret).decode()
    for steps in (["AUTH PLAIN", coded], [f"auth plain {coded}"]):
        assert say(SmtpSession(Store()), "EHLO x", *steps)[-1] == "235"


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        (b"\0ana\0LAB", "535"),
        (b"\0ana\0", "535"),
        (b"\0\0lab", "535"),
        (b"ben\0ana\0lab", "535"),
        (b"ana\0lab", "501"),
        (b"\0a\0b\0lab", "501"),
        (b"\0\xff\0lab", "501"),
        (b"", "501"),
    ],
)
def test_plain_takes_nothing_less(secret: bytes, code: str) -> None:
    session = SmtpSession(Store())
    assert say(session, "EHLO x", "AUTH PLAIN", base64.b64encode(secret)) == ["250", "334", code]
    assert not session.user and "lab" not in session.summary()
    assert say(session, "NOOP") == ["250"]


def test_login_is_for_clients_that_said_ehlo_once_and_before_mail() -> None:
    assert say(SmtpSession(Store()), "AUTH LOGIN", "HELO x", "AUTH LOGIN") == ["503", "250", "503"]
    assert say(SmtpSession(Store()), "EHLO x", "MAIL FROM:<>", "AUTH LOGIN") == ["250", "250", "503"]


def test_parameters_are_for_clients_that_said_ehlo() -> None:
    assert say(SmtpSession(Store()), "HELO x", "MAIL FROM:<> SIZE=1") == ["250", "555"]
    assert say(SmtpSession(Store()), "EHLO x", "MAIL FROM:<> SIZE=\u0661") == ["250", "501"]
