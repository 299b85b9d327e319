"""Both together: what SMTP took in lies in the right maildrops, octet for octet, and POP3 gives it out."""

import hashlib
import socket
import threading

from services.checking import Target, check, expect, expect_equal
from services.mail.client_side import (
    DOMAIN,
    SENDER,
    SHORT,
    Dialogue,
    collect,
    expect_code,
    expect_ok,
    fresh_name,
    mail_sender,
    pop3_port,
    send,
    smtp_dialogue,
)


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


@check(needs="pop3_gives_out_what_smtp_took_in")
def each_client_has_an_envelope_of_its_own(target: Target) -> None:
    """Two clients that take turns, command by command, send each to its own recipient and to no other."""
    names = (fresh_name(), fresh_name())
    with smtp_dialogue(target) as one, smtp_dialogue(target) as other:
        dialogues = tuple(zip(names, (one, other), strict=True))
        for _, dialogue in dialogues:
            expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test>"), b"250")
        for name, dialogue in dialogues:
            expect_code(dialogue.ask(b"RCPT TO:<%s@lab.test>" % name.encode()), b"250")
        for name, dialogue in dialogues:
            expect_code(dialogue.ask(b"DATA"), b"354")
            dialogue.say(b"To: " + name.encode(), b"")
            expect_code(dialogue.ask(b"."), b"250")
    for name in names:
        expect_equal(
            collect(target, name),
            [f"To: {name}\r\n\r\n".encode()],
            hint="the envelope belongs to the connection, not to the class",
        )


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
def names_beyond_ascii_get_mail(target: Target) -> None:
    """A name beyond ASCII gets mail by SMTPUTF8 (RFC 6531), and reads it by POP3 after UTF8 (RFC 6856)."""
    name = f"jos\u00e9-{fresh_name()}"
    content = f"To: {name}@{DOMAIN}\r\nSubject: jalape\u00f1o\r\n\r\nHi.\r\n".encode()
    with mail_sender(target) as sender:
        sender.ehlo()
        expect(sender.has_extn("SMTPUTF8"), expected="SMTPUTF8", got=sorted(sender.esmtp_features))
        sender.command_encoding = "utf-8"
        sender.mail(SENDER, ["BODY=8BITMIME", "SMTPUTF8"])
        code, text = sender.docmd("RCPT", f"TO:<{name}@{DOMAIN}>")
        expect_equal(code, 250, hint=f"it said {text!r}")
        expect_equal(sender.data(content)[0], 250)
    with Dialogue(target.connect(pop3_port(target))) as dialogue:
        expect_ok(dialogue.hear())
        expect_ok(dialogue.ask(b"UTF8"))
    expect_equal(collect(target, name), [content])


@check(needs="names_beyond_ascii_get_mail")
def utf8_is_asked_for(target: Target) -> None:
    """Without SMTPUTF8 in MAIL an address beyond ASCII is refused: whoever passes it on may not know it."""
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test>"), b"250")
        expect_code(dialogue.ask("RCPT TO:<jos\u00e9@lab.test>".encode()), b"5")
        expect_code(dialogue.ask(b"RCPT TO:<%s@lab.test>" % fresh_name().encode()), b"250")
