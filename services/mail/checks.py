"""What makes SMTP and POP3 over one store right (RFC 5321, RFC 1939, and the lab's own rules).

A target listens on two ports: SMTP first, then POP3. Somebody's own server that has only the first is
asked only what SMTP alone can answer. Each check writes to a maildrop nobody else knows.
"""

import hashlib
import poplib
import secrets
import smtplib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from services.checking import CheckSkipped, Target, check, expect, expect_equal
from services.checking.target import SOCKET_TIMEOUT_S

DOMAIN = "lab.test"
PASSWORD = "lab"
SENDER = "checker@elsewhere.test"
UNLOCKED_WITHIN_S = 2.0  # a server may need a moment to notice that a reader has gone
RETRY_S = 0.02
LIMIT_OCTETS = 10 * 1024 * 1024
SHORT = b"Subject: short\r\n\r\nOne line.\r\n"


class Dialogue:
    """A conversation line by line, to say what no mail library would."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.file = sock.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.file.close()
        self.sock.close()

    def say(self, *lines: bytes) -> None:
        """Send lines, all at once, each ended by CRLF."""
        self.sock.sendall(b"".join(line + b"\r\n" for line in lines))

    def hear(self) -> bytes:
        """Return one line, without its end.

        Raises:
            EOFError: the server closed instead.
        """
        line = self.file.readline(65536)
        if not line.endswith(b"\n"):
            raise EOFError(f"the server closed, after {line!r}")
        return line.rstrip(b"\r\n")

    def hear_reply(self) -> bytes:
        """Return the last line of an SMTP reply, which may have several."""
        while (line := self.hear())[3:4] == b"-":
            pass
        return line

    def ask(self, line: bytes) -> bytes:
        """Send one line, return the reply."""
        self.say(line)
        return self.hear_reply()

    def hear_content(self) -> bytes:
        """Return the body of a POP3 multi-line answer, its doubled dots single, its end left out."""
        lines: list[bytes] = []
        at_line_start = True
        while (line := self.file.readline(1 << 20)) != b".\r\n":
            if not line:
                raise EOFError("the server closed in the middle of an answer of several lines")
            lines.append(line.removeprefix(b".") if at_line_start else line)
            at_line_start = line.endswith(b"\r\n")
        return b"".join(lines)


def smtp_dialogue(target: Target, hello: bytes = b"EHLO checker.lab.test") -> Dialogue:
    """Connect, hear the greeting, say hello."""
    dialogue = Dialogue(target.connect())
    expect_code(dialogue.hear_reply(), b"220")
    expect_code(dialogue.ask(hello), b"250")
    return dialogue


def pop3_port(target: Target) -> int:
    """Return where POP3 listens.

    Raises:
        CheckSkipped: only one port is known.
    """
    if len(target.listens) < 2:
        raise CheckSkipped("it needs a POP3 port beside the SMTP port")
    return int(target.listens[1].partition("/")[0])


def pop3_dialogue(target: Target, name: str) -> Dialogue:
    """Connect and log in; a maildrop whose last reader has just gone may take a moment to open."""
    deadline = time.monotonic() + UNLOCKED_WITHIN_S
    while True:
        dialogue = Dialogue(target.connect(pop3_port(target)))
        expect_ok(dialogue.hear())
        expect_ok(dialogue.ask(b"USER " + name.encode()))
        status = dialogue.ask(b"PASS " + PASSWORD.encode())
        if status.startswith(b"+OK"):
            return dialogue
        dialogue.close()
        if time.monotonic() > deadline:
            expect_ok(status, hint="the password is lab, and a reader that has gone holds no maildrop")
        time.sleep(RETRY_S)


@contextmanager
def mail_reader(target: Target, name: str) -> Iterator[poplib.POP3]:
    """Log in with poplib; however the check ends, the connection is closed."""
    reader = poplib.POP3(target.host, pop3_port(target), timeout=SOCKET_TIMEOUT_S)
    try:
        reader.user(name)
        reader.pass_(PASSWORD)
        yield reader
    finally:
        with suppress(OSError):
            reader.close()


def mail_sender(target: Target) -> smtplib.SMTP:
    """Connect with smtplib; it says EHLO when it is used."""
    return smtplib.SMTP(target.host, target.port, "checker.lab.test", SOCKET_TIMEOUT_S)


def send(target: Target, *names: str, content: bytes = SHORT) -> dict[str, tuple[int, bytes]]:
    """Send one message to names of the lab; return smtplib's dictionary of refusals."""
    with mail_sender(target) as sender:
        return sender.sendmail(SENDER, [f"{name}@{DOMAIN}" for name in names], content)


def collect(target: Target, name: str) -> list[bytes]:
    """Return all messages of a maildrop as octets, in order, and delete them there."""
    contents = []
    with pop3_dialogue(target, name) as dialogue:
        count = int(dialogue.ask(b"STAT").split()[1])
        for number in range(1, count + 1):
            expect_ok(dialogue.ask(b"RETR %d" % number))
            contents.append(dialogue.hear_content())
        for number in range(1, count + 1):
            expect_ok(dialogue.ask(b"DELE %d" % number))
        expect_ok(dialogue.ask(b"QUIT"))
    return contents


def fresh_name() -> str:
    """Return the name of a maildrop nobody else uses."""
    return f"check-{secrets.token_hex(5)}"


def expect_code(reply: bytes, code: bytes, *, hint: str = "") -> None:
    """Expect an SMTP reply to begin with a code, or with the first digits of one."""
    expect(reply.startswith(code), expected=f"a reply {code.decode():x<3}", got=repr(reply), hint=hint)


def expect_ok(status: bytes, *, hint: str = "") -> None:
    """Expect a POP3 status line of success."""
    expect(status.startswith(b"+OK"), expected="+OK", got=repr(status), hint=hint)


def expect_err(status: bytes, *, hint: str = "") -> None:
    """Expect a POP3 status line of failure."""
    expect(status.startswith(b"-ERR"), expected="-ERR", got=repr(status), hint=hint)


# SMTP alone


@check()
def smtp_takes_a_message(target: Target) -> None:
    """SMTP greets with 220 and takes a message for any name at lab.test."""
    expect_equal(send(target, fresh_name()), {}, hint="250 to MAIL and RCPT, 354 to DATA, 250 after the dot")


@check(needs="smtp_takes_a_message")
def partial_refusals_come_back_as_a_dictionary(target: Target) -> None:
    """Names that begin with `refuse` get 550, with `defer` 451; the others still get the message."""
    refused = send(target, "refuse-me", fresh_name(), "defer-me", "Refuse.Me.Too")
    codes = {address: code for address, (code, _) in refused.items()}
    expected = {f"refuse-me@{DOMAIN}": 550, f"defer-me@{DOMAIN}": 451, f"Refuse.Me.Too@{DOMAIN}": 550}
    expect_equal(codes, expected, hint="each RCPT has a reply of its own")


@check(needs="smtp_takes_a_message")
def all_refused_raises(target: Target) -> None:
    """When every recipient is refused there is no message: sendmail raises, DATA gets 503 or 554."""
    try:
        send(target, "refuse-1", "defer-2")
    except smtplib.SMTPRecipientsRefused as refusal:
        expect_equal(sorted(code for code, _ in refusal.recipients.values()), [451, 550])
    else:
        expect(False, expected="SMTPRecipientsRefused", got="no error")
    with smtp_dialogue(target) as dialogue:
        dialogue.ask(b"MAIL FROM:<a@lab.test>")
        dialogue.ask(b"RCPT TO:<refuse-3@lab.test>")
        reply = dialogue.ask(b"DATA")
        expect(reply[:3] in (b"503", b"554"), expected="503 or 554", got=repr(reply))


@check(needs="smtp_takes_a_message")
def relays_nothing(target: Target) -> None:
    """Recipients at any domain but lab.test are refused: nothing is ever relayed."""
    with smtp_dialogue(target) as dialogue:
        dialogue.ask(b"MAIL FROM:<ana@lab.test>")
        for address in (b"ana@example.com", b"ana@lab.test.example.com", b"ana%example.com@not-lab.test"):
            expect_code(dialogue.ask(b"RCPT TO:<%s>" % address), b"55", hint="550: relaying denied")


@check(needs="smtp_takes_a_message")
def commands_come_in_order(target: Target) -> None:
    """RCPT before MAIL and DATA before RCPT get 503, and the conversation goes on."""
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"RCPT TO:<ana@lab.test>"), b"503")
        expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test>"), b"250")
        expect_code(dialogue.ask(b"DATA"), b"503")
        expect_code(dialogue.ask(b"RCPT TO:<ana@lab.test>"), b"250")


@check(needs="smtp_takes_a_message")
def rset_forgets_the_envelope(target: Target) -> None:
    """RSET forgets sender and recipients, and nothing else."""
    with smtp_dialogue(target) as dialogue:
        dialogue.ask(b"MAIL FROM:<ana@lab.test>")
        dialogue.ask(b"RCPT TO:<ben@lab.test>")
        expect_code(dialogue.ask(b"RSET"), b"250")
        expect_code(dialogue.ask(b"DATA"), b"503", hint="after RSET there are no recipients")
        expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test>"), b"250", hint="EHLO need not be said again")


@check(needs="smtp_takes_a_message")
def smtp_verbs_in_any_case(target: Target) -> None:
    """Verbs are understood in upper and lower case; HELP and VRFY too, an unknown one gets 500."""
    with smtp_dialogue(target, b"ehlo checker.lab.test") as dialogue:
        for line in (b"noop", b"Noop", b"mail from:<ana@lab.test>", b"rset"):
            expect_code(dialogue.ask(line), b"250")
        for line in (b"Help", b"vrfy ana@lab.test"):
            reply = dialogue.ask(line)
            expect(reply[:1] == b"2" or reply[:3] == b"502", expected="2xx, or 502", got=repr(reply))
        expect_code(dialogue.ask(b"XYZZY"), b"50")
        expect_code(dialogue.ask(b"quit"), b"221")


@check(needs="smtp_takes_a_message")
def a_bounce_has_no_sender(target: Target) -> None:
    """MAIL FROM:<> is taken: that is how a report of failure is sent."""
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"MAIL FROM:<>"), b"250", hint="RFC 5321 section 4.5.5")
        expect_code(dialogue.ask(b"RCPT TO:<%s@lab.test>" % fresh_name().encode()), b"250")


@check(needs="smtp_takes_a_message")
def commands_may_come_together(target: Target) -> None:
    """Several commands in one segment are answered one by one, in order (RFC 2920)."""
    recipient = b"RCPT TO:<%s@lab.test>" % fresh_name().encode()
    with smtp_dialogue(target) as dialogue:
        dialogue.say(b"MAIL FROM:<ana@lab.test>", recipient, b"RCPT TO:<refuse@lab.test>", b"DATA")
        codes = [dialogue.hear_reply()[:3] for _ in range(4)]
        expect_equal(codes, [b"250", b"250", b"550", b"354"], hint="keep what recv brought too early")
        dialogue.say(b"Subject: all at once", b"", b".", b"NOOP", b"QUIT")
        expect_equal([dialogue.hear_reply()[:3] for _ in range(3)], [b"250", b"250", b"221"])


@check(needs="smtp_takes_a_message")
def declared_size_over_the_limit_is_refused(target: Target) -> None:
    """A size over 10 MiB is refused with 552 when MAIL declares it; EHLO says what the limit is."""
    with mail_sender(target) as sender:
        sender.ehlo()
        expect_equal(sender.esmtp_features.get("size"), str(LIMIT_OCTETS), hint="250-SIZE (RFC 1870)")
        code, text = sender.mail(SENDER, [f"SIZE={LIMIT_OCTETS + 1}"])
        expect_equal(code, 552, hint=f"it said {text!r}")


@check(needs="smtp_takes_a_message")
def actual_size_over_the_limit_is_refused(target: Target) -> None:
    """A message over 10 MiB gets 552 after its end, whatever was declared, and the conversation goes on."""
    text = (b"x" * 998 + b"\r\n") * (LIMIT_OCTETS // 1000 + 1)
    with smtp_dialogue(target, b"HELO checker.lab.test") as dialogue:
        dialogue.ask(b"MAIL FROM:<ana@lab.test>")
        dialogue.ask(b"RCPT TO:<%s@lab.test>" % fresh_name().encode())
        expect_code(dialogue.ask(b"DATA"), b"354")
        dialogue.sock.sendall(text)
        expect_code(dialogue.ask(b"."), b"552", hint="count what comes, and go on reading to the lone dot")
        expect_code(dialogue.ask(b"NOOP"), b"250")


@check(needs="smtp_takes_a_message")
def too_long_a_line_gets_500(target: Target) -> None:
    """A command line of 5000 octets gets 500, a text line of 5000 octets too; then life goes on."""
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"NOOP " + b"x" * 5000), b"500", hint="RFC 5321 section 4.5.3.1")
        dialogue.ask(b"MAIL FROM:<ana@lab.test>")
        dialogue.ask(b"RCPT TO:<%s@lab.test>" % fresh_name().encode())
        expect_code(dialogue.ask(b"DATA"), b"354")
        dialogue.say(b"Subject: long", b"", b"x" * 5000)
        expect_code(dialogue.ask(b"."), b"500")
        expect_code(dialogue.ask(b"NOOP"), b"250")


@check(needs="smtp_takes_a_message")
def only_crlf_dot_crlf_ends_a_message(target: Target) -> None:
    """A dot between bare line feeds ends no message: what follows is text, never commands (smuggling)."""
    for not_the_end in (b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n"):
        with smtp_dialogue(target) as dialogue:
            dialogue.ask(b"MAIL FROM:<ana@lab.test>")
            dialogue.ask(b"RCPT TO:<%s@lab.test>" % fresh_name().encode())
            expect_code(dialogue.ask(b"DATA"), b"354")
            dialogue.say(b"one" + not_the_end + b"NOOP", b"NOOP", b".", b"QUIT")
            replies = [dialogue.hear_reply()[:3], dialogue.hear_reply()[:3]]
            hint = f"{not_the_end!r} is no end; the message may be refused, its text may not be obeyed"
            expect_equal(replies[1], b"221", hint=hint)


@check(needs="smtp_takes_a_message")
def smtp_survives_bad_clients(target: Target) -> None:
    """Garbage, a reset and a client that leaves in the middle harm nobody else."""
    for rude in (
        bytes(range(256)) * 20 + b"\r\n",
        b"MAIL FROM:<\r\n" * 3,
        b"EHLO x\r\nMAIL FROM:<a@b>\r\nDATA",
    ):
        be_rude(target, target.port, rude)
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"NOOP"), b"250")


@check(needs="smtp_takes_a_message")
def a_slow_smtp_client_holds_up_nobody(target: Target) -> None:
    """While one client is in the middle of a command, another one is served; then the first goes on."""
    with smtp_dialogue(target) as slow:
        slow.sock.sendall(b"NO")
        with smtp_dialogue(target) as other:
            expect_code(other.ask(b"NOOP"), b"250")
        expect_code(slow.ask(b"OP"), b"250", hint="a command ends at its line end, not where recv stops")


# POP3, and both together


@check(needs="smtp_takes_a_message")
def pop3_gives_out_what_smtp_took_in(target: Target) -> None:
    """POP3 gives out the very octets SMTP took in: nothing added, nothing changed."""
    name = fresh_name()
    content = b"From: Nobody <nobody@nowhere.test>\r\nSubject:   two  blanks \r\n\r\n\ttext \r\n\r\n\r\n"
    send(target, name, content=content)
    expect_equal(collect(target, name), [content], hint="CRLF, blanks and empty lines are part of a message")


@check(needs="pop3_gives_out_what_smtp_took_in")
def lines_that_begin_with_a_dot_survive(target: Target) -> None:
    """Lines that begin with dots come out as they went in."""
    name = fresh_name()
    content = b".first\r\n\r\n.\r\n..\r\n...three\r\n x.\r\n." + b"y" * 900 + b"\r\n.\r\n"
    send(target, name, content=content)
    hint = "the sender doubles a leading dot: SMTP takes one off, POP3 puts one on"
    expect_equal(collect(target, name), [content], hint=hint)


@check(needs="pop3_gives_out_what_smtp_took_in")
def eight_bit_octets_survive(target: Target) -> None:
    """Octets over 127 come out as they went in, in any encoding; EHLO offers 8BITMIME."""
    name = fresh_name()
    text = bytes(octet for octet in range(1, 256) if octet not in b"\r\n")
    content = "Subject: jalapeño\r\n\r\n".encode() + text + b"\r\n" + "żółw".encode("iso-8859-2") + b"\r\n"
    with mail_sender(target) as sender:
        sender.ehlo()
        expect(sender.has_extn("8BITMIME"), expected="8BITMIME", got=sorted(sender.esmtp_features))
        sender.sendmail(SENDER, [f"{name}@{DOMAIN}"], content, ["BODY=8BITMIME"])
    expect_equal(collect(target, name), [content], hint="a message is octets: do not decode it")


@check(needs="pop3_gives_out_what_smtp_took_in")
def the_envelope_decides_not_the_header(target: Target) -> None:
    """A message goes to whom RCPT named, whatever its To: line says."""
    envelope, header = fresh_name(), fresh_name()
    content = f"From: Santa <santa@north.test>\r\nTo: {header}@{DOMAIN}\r\n\r\nHo.\r\n".encode()
    send(target, envelope, content=content)
    expect_equal(collect(target, header), [], hint="To: is for the eyes of the reader")
    expect_equal(collect(target, envelope), [content])


@check(needs="pop3_gives_out_what_smtp_took_in")
def every_recipient_gets_a_copy(target: Target) -> None:
    """A message to several names lies in the maildrop of each, refused ones aside, once."""
    names = [fresh_name() for _ in range(3)]
    send(target, names[0], "refuse-me", *names[1:], names[0].upper())
    got = [collect(target, name) for name in names]
    expect_equal(
        got, [[SHORT]] * 3, hint="one message a maildrop; names are the same in upper and lower case"
    )


@check(needs="pop3_gives_out_what_smtp_took_in")
def an_unfinished_message_is_not_delivered(target: Target) -> None:
    """A client that leaves before the lone dot has sent nothing."""
    name = fresh_name()
    with smtp_dialogue(target) as dialogue:
        dialogue.ask(b"MAIL FROM:<ana@lab.test>")
        dialogue.ask(b"RCPT TO:<%s@lab.test>" % name.encode())
        expect_code(dialogue.ask(b"DATA"), b"354")
        dialogue.say(b"Subject: half", b"", b"The line went")
        dialogue.sock.shutdown(socket.SHUT_WR)
        dialogue.file.read()  # until the server has closed too
    expect_equal(collect(target, name), [], hint="only 250 after the dot makes it yours to keep")


@check(needs="pop3_gives_out_what_smtp_took_in", timeout_s=30)
def two_hundred_messages_from_many_clients(target: Target) -> None:
    """Two hundred messages sent by four clients at once all come out, octet for octet."""
    name = fresh_name()
    contents = [b"Subject: %d\r\n\r\n" % number + b"." * (number % 80) + b"\r\n" for number in range(200)]
    failures: list[Exception] = []

    def send_some(first: int) -> None:
        try:
            with mail_sender(target) as sender:
                for content in contents[first::4]:
                    sender.sendmail(SENDER, [f"{name}@{DOMAIN}"], content)
        except Exception as error:
            failures.append(error)

    clients = [threading.Thread(target=send_some, args=(first,)) for first in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    expect_equal(failures, [])
    digests = [
        {hashlib.sha256(content).hexdigest() for content in group}
        for group in (collect(target, name), contents)
    ]
    expect_equal(len(digests[0]), len(contents))
    expect(digests[0] == digests[1], expected="the octets that were sent", got="others")


@check(needs="pop3_gives_out_what_smtp_took_in")
def pop3_wants_name_and_password(target: Target) -> None:
    """POP3 opens a maildrop for its name and the right password, and for nothing less."""
    with Dialogue(target.connect(pop3_port(target))) as dialogue:
        expect_ok(dialogue.hear())
        expect_err(dialogue.ask(b"STAT"), hint="in the AUTHORIZATION state there is no maildrop")
        expect_err(dialogue.ask(b"PASS lab"), hint="USER first")
        dialogue.ask(b"USER ana")
        expect_err(dialogue.ask(b"PASS lub"), hint="the password is lab")
        expect_err(dialogue.ask(b"LIST"))


@check(needs="pop3_gives_out_what_smtp_took_in")
def pop3_names_in_any_case(target: Target) -> None:
    """`Ana` and `ana` have the same maildrop."""
    name = fresh_name()
    send(target, name.upper())
    expect_equal(collect(target, name.title()), [SHORT])


@check(needs="pop3_gives_out_what_smtp_took_in")
def stat_and_list_count_octets(target: Target) -> None:
    """STAT and LIST count messages from 1 and sizes in octets, line ends included."""
    name = fresh_name()
    for content in (SHORT, SHORT * 3):
        send(target, name, content=content)
    sizes = [len(SHORT), 3 * len(SHORT)]
    with mail_reader(target, name) as reader:
        expect_equal(reader.stat(), (2, sum(sizes)))
        expect_equal(reader.list()[1], [b"1 %d" % sizes[0], b"2 %d" % sizes[1]])
    with pop3_dialogue(target, name) as dialogue:
        expect_equal(dialogue.ask(b"LIST 2").split()[:3], [b"+OK", b"2", b"%d" % sizes[1]])


@check(needs="pop3_gives_out_what_smtp_took_in")
def uidl_names_a_message_for_good(target: Target) -> None:
    """UIDL names each message, also one of the same text, and the name stays when the number moves."""
    name = fresh_name()
    for _ in range(3):
        send(target, name)
    with mail_reader(target, name) as reader:
        before = [line.split()[1] for line in reader.uidl()[1]]
        reader.dele(1)
        reader.quit()
    expect_equal(len(set(before)), 3, hint="two messages of the same text are two messages")
    with pop3_dialogue(target, name) as dialogue:
        expect_ok(dialogue.ask(b"UIDL"))
        after = dialogue.hear_content().split()[1::2]
    expect_equal(after, before[1:], hint="the number is not a name: it changes when another message goes")


@check(needs="pop3_gives_out_what_smtp_took_in")
def top_gives_the_header_and_some_lines(target: Target) -> None:
    """TOP gives the header, the blank line and as many lines of the body as asked for."""
    name = fresh_name()
    header, body = b"Subject: top\r\nX: y\r\n\r\n", [b"one\r\n", b".two\r\n", b"three\r\n"]
    send(target, name, content=header + b"".join(body))
    with pop3_dialogue(target, name) as dialogue:
        for lines in (0, 2, 9):
            expect_ok(dialogue.ask(b"TOP 1 %d" % lines))
            expect_equal(dialogue.hear_content(), header + b"".join(body[:lines]))


@check(needs="pop3_gives_out_what_smtp_took_in")
def pop3_says_what_it_can(target: Target) -> None:
    """CAPA lists what the server can do, before and after the login (RFC 2449)."""
    with Dialogue(target.connect(pop3_port(target))) as dialogue:
        expect_ok(dialogue.hear())
        expect_ok(dialogue.ask(b"capa"))
        words = set(dialogue.hear_content().split())
        expect(words >= {b"USER", b"UIDL", b"TOP"}, expected="USER, UIDL and TOP", got=sorted(words))


@check(needs="pop3_gives_out_what_smtp_took_in")
def deletions_happen_at_quit(target: Target) -> None:
    """A message marked with DELE is gone after QUIT, the others stay."""
    name = fresh_name()
    for content in (SHORT, SHORT * 2, SHORT * 3):
        send(target, name, content=content)
    with mail_reader(target, name) as reader:
        reader.dele(2)
        reader.quit()
    expect_equal(collect(target, name), [SHORT, SHORT * 3], hint="the UPDATE state removes what is marked")


@check(needs="pop3_gives_out_what_smtp_took_in")
def a_dropped_connection_deletes_nothing(target: Target) -> None:
    """A connection that ends without QUIT, by FIN or by reset, deletes nothing."""
    name = fresh_name()
    send(target, name)
    for drop in (end_politely, reset):
        with pop3_dialogue(target, name) as dialogue:
            expect_ok(dialogue.ask(b"DELE 1"))
            drop(dialogue.sock)
        hint = "remove messages in the UPDATE state only, which only QUIT reaches"
        with pop3_dialogue(target, name) as dialogue:
            expect_equal(dialogue.ask(b"STAT").split()[:2], [b"+OK", b"1"], hint=hint)


@check(needs="pop3_gives_out_what_smtp_took_in")
def a_mark_can_be_taken_off(target: Target) -> None:
    """DELE hides a message without renumbering the others, RSET brings it back."""
    name = fresh_name()
    for content in (SHORT, SHORT * 2):
        send(target, name, content=content)
    with pop3_dialogue(target, name) as dialogue:
        expect_ok(dialogue.ask(b"DELE 1"))
        expect_err(dialogue.ask(b"RETR 1"), hint="a marked message is not there")
        expect_err(dialogue.ask(b"DELE 1"))
        expect_equal(dialogue.ask(b"STAT").split()[:3], [b"+OK", b"1", b"%d" % (2 * len(SHORT))])
        expect_ok(dialogue.ask(b"LIST 2"), hint="numbers stay as they are for the whole session")
        expect_ok(dialogue.ask(b"RSET"))
        expect_ok(dialogue.ask(b"RETR 1"))
        expect_equal(dialogue.hear_content(), SHORT)


@check(needs="pop3_gives_out_what_smtp_took_in")
def one_reader_a_maildrop(target: Target) -> None:
    """A maildrop that is open refuses a second login, and takes one again as soon as the first has left."""
    name, other = fresh_name(), fresh_name()
    with pop3_dialogue(target, name) as first:
        with Dialogue(target.connect(pop3_port(target))) as second:
            expect_ok(second.hear())
            second.ask(b"USER " + name.encode())
            expect_err(second.ask(b"PASS lab"), hint="lock it: [IN-USE] (RFC 2449 section 8.1.2)")
            second.ask(b"USER " + other.encode())
            expect_ok(second.ask(b"PASS lab"), hint="another maildrop is free")
        expect_ok(first.ask(b"QUIT"))
    with pop3_dialogue(target, name) as dialogue:
        expect_ok(dialogue.ask(b"NOOP"))
        reset(dialogue.sock)
    with pop3_dialogue(target, name) as dialogue:
        expect_ok(dialogue.ask(b"NOOP"))


@check(needs="pop3_gives_out_what_smtp_took_in")
def pop3_refuses_what_makes_no_sense(target: Target) -> None:
    """Numbers of no message, unknown verbs and endless lines get -ERR, and the session goes on."""
    name = fresh_name()
    send(target, name)
    with pop3_dialogue(target, name) as dialogue:
        for line in (b"RETR 0", b"RETR 2", b"RETR", b"DELE -1", b"TOP 1", b"XYZZY", b"NOOP" + b"x" * 5000):
            expect_err(dialogue.ask(line))
        expect_ok(dialogue.ask(b"noop"))


@check(needs="pop3_gives_out_what_smtp_took_in")
def pop3_survives_bad_clients(target: Target) -> None:
    """Garbage, resets and a client in the middle of a command harm nobody else."""
    for rude in (bytes(range(256)) * 20 + b"\r\n", b"USER \0\r\nPASS\r\n", b"RETR 1"):
        be_rude(target, pop3_port(target), rude)
    with pop3_dialogue(target, fresh_name()) as slow:
        slow.sock.sendall(b"NO")
        with pop3_dialogue(target, fresh_name()) as other:
            expect_ok(other.ask(b"NOOP"))
        expect_ok(slow.ask(b"OP"))


@check(needs="smtp_takes_a_message")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """SMTP and POP3 answer over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        over_one = target.over(family)
        with smtp_dialogue(over_one) as dialogue:
            expect_code(dialogue.ask(b"NOOP"), b"250")
        if len(target.listens) > 1:
            with pop3_dialogue(over_one, fresh_name()) as dialogue:
                expect_ok(dialogue.ask(b"NOOP"))


def reset(sock: socket.socket) -> None:
    """Close at once: with linger 0 the kernel sends RST (RFC 9293 section 3.10.4)."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def end_politely(sock: socket.socket) -> None:
    """Send FIN, and wait until the server has closed too."""
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)


def be_rude(target: Target, port: int, octets: bytes) -> None:
    """Hear the greeting, send something, reset the connection; what comes back is of no interest."""
    dialogue = Dialogue(target.connect(port))
    dialogue.hear()
    with suppress(OSError):
        dialogue.sock.sendall(octets)
    dialogue.file.close()
    reset(dialogue.sock)
