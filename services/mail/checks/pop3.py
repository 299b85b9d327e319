"""POP3: who may open a maildrop, what it tells of it, when it deletes, and bad clients."""

import socket

from services.checking import Target, check, expect, expect_equal
from services.mail.client_side import (
    SHORT,
    Dialogue,
    be_rude,
    collect,
    expect_err,
    expect_ok,
    fresh_name,
    mail_reader,
    pop3_dialogue,
    pop3_port,
    reset,
    send,
    send_as_it_is,
)


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


@check(needs="top_gives_the_header_and_some_lines")
def an_answer_ends_on_a_line_of_its_own(target: Target) -> None:
    """A line ends at CRLF alone, so the end mark of RETR and TOP follows one, also among bare line feeds."""
    name = fresh_name()
    header, body = b"Subject: bare\r\nX: a\n\nb\r\n\r\n", [b"one\nstill one\n\r\n", b"two\nstill two\r\n"]
    send_as_it_is(target, name, header + b"".join(body))
    with pop3_dialogue(target, name) as dialogue:
        for command, lines in ((b"TOP 1 0", 0), (b"TOP 1 1", 1), (b"TOP 1 2", 2), (b"RETR 1", 2)):
            expect_ok(dialogue.ask(command))
            expected = header + b"".join(body[:lines])
            expect_equal(dialogue.hear_content(), expected, hint="count and cut at CRLF, never at LF")
        expect_equal(
            dialogue.ask(b"LIST 1").split()[:3], [b"+OK", b"1", b"%d" % len(header + b"".join(body))]
        )


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
        for line in (
            b"RETR 0",
            b"RETR 2",
            b"RETR",
            b"DELE -1",
            b"RETR 1_0",
            b"TOP 1",
            b"XYZZY",
            b"NOOP" + b"x" * 5000,
        ):
            expect_err(dialogue.ask(line))
        for digit in ("\u0661", "\u00b2"):  # Python calls these digits
            expect_err(dialogue.ask(f"RETR {digit}".encode()), hint="a number is 0 to 9")
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


def end_politely(sock: socket.socket) -> None:
    """Send FIN, and wait until the server has closed too."""
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)
