"""SMTP alone: a conversation in its order, who is refused, what is too much, and bad clients."""

import base64
import re
import smtplib

from services.checking import Target, check, expect, expect_equal
from services.mail.client_side import (
    DOMAIN,
    SENDER,
    be_rude,
    expect_code,
    fresh_name,
    mail_sender,
    send,
    smtp_dialogue,
)

VERBS = (
    "AUTH",
    "DATA",
    "EHLO",
    "EXPN",
    "HELO",
    "HELP",
    "MAIL",
    "NOOP",
    "QUIT",
    "RCPT",
    "RSET",
    "STARTTLS",
    "VRFY",
)
LIMIT_OCTETS = 10 * 1024 * 1024


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


@check(needs="smtp_takes_a_message")
def logs_in_with_the_password(target: Target) -> None:
    """AUTH PLAIN and LOGIN take the lab's password with 235, at once or step by step (RFC 4954)."""
    with mail_sender(target) as sender:
        sender.login("ana", "lab")
        expect_equal(sender.docmd("AUTH", "PLAIN")[0], 503, hint="one login a session")
    plain, name, password = (base64.b64encode(each) for each in (b"\0ana\0lab", b"ana", b"lab"))
    for steps in ([b"AUTH PLAIN", plain], [b"auth login", name, password], [b"AUTH LOGIN " + name, password]):
        with smtp_dialogue(target) as dialogue:
            *before, last = steps
            for step in before:
                expect_code(dialogue.ask(step), b"334")
            expect_code(dialogue.ask(last), b"235")
            expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test>"), b"250")


@check(needs="logs_in_with_the_password")
def refuses_a_wrong_login(target: Target) -> None:
    """A wrong password is 535, no base64 is 501, `*` cancels; then the right one is taken."""
    wrong, right = base64.b64encode(b"\0ana\0lub"), base64.b64encode(b"\0ana\0lab")
    with smtp_dialogue(target) as dialogue:
        expect_code(dialogue.ask(b"AUTH PLAIN " + wrong), b"535")
        expect_code(dialogue.ask(b"AUTH PLAIN !" + right), b"501", hint="b64decode needs validate=True")
        expect_code(dialogue.ask(b"AUTH XYZZY"), b"504")
        expect_code(dialogue.ask(b"AUTH LOGIN"), b"334")
        expect_code(dialogue.ask(b"*"), b"501")
        expect_code(dialogue.ask(b"NOOP"), b"250")
        expect_code(dialogue.ask(b"AUTH PLAIN " + right), b"235")


@check(needs="smtp_takes_a_message")
def help_lists_what_there_is(target: Target) -> None:
    """Each command that HELP lists is known: none is answered 500 or 502."""
    with mail_sender(target) as sender:
        sender.ehlo()
        code, text = sender.docmd("HELP")
        expect(code in (211, 214), expected="211 or 214 (RFC 5321 section 4.2.2)", got=code)
        listed = [word for word in VERBS if re.search(rf"\b{word}\b", text.decode())]
        expect("DATA" in listed, expected="the commands by name", got=text)
        answers = {verb: sender.docmd(verb, "")[0] for verb in listed if verb not in ("DATA", "QUIT")}
    unknown = sorted(verb for verb, code in answers.items() if code in (500, 502))
    expect_equal(unknown, [], hint="list only what is done")


@check(needs="smtp_takes_a_message")
def a_size_is_digits(target: Target) -> None:
    """A declared size is digits, 0 to 9: `1_0`, `+5` and `-1` are 501, whatever Python's `int` takes."""
    with smtp_dialogue(target) as dialogue:
        for size in (b"1_0", b"+5", b"-1", b"x"):
            expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test> SIZE=" + size), b"501")
        expect_code(dialogue.ask(b"MAIL FROM:<ana@lab.test> SIZE=0010"), b"250")
