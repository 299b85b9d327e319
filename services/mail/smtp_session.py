"""SMTP whole: a line in, the reply out. No socket and no waiting in here.

    connected --EHLO--> ready --MAIL--> sender --RCPT--> recipients --DATA--> message --a lone dot--+
                          ^ <---------------- RSET, EHLO, the end of the message ------------------+

Spec: RFC 5321 (SMTP), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8), RFC 4954 (AUTH),
RFC 2920 (PIPELINING), RFC 2034 and 3463 (the second number of a reply)
"""

import base64
from typing import ClassVar

from services.mail.addresses import BadSyntax, local_part, maildrop_name, parse_path
from services.mail.incoming import MESSAGE_OCTETS, TEXT_LINE_OCTETS, IncomingMail
from services.mail.login import MECHANISMS, Mechanism, decode_answer
from services.mail.store import DOMAIN, PASSWORD, Store

RECIPIENTS = 100  # of one message (RFC 5321 section 4.5.3.1.8)
BAD_COMMANDS = 10  # so many not understood, or wrong passwords: this is no mail client
NOTES = 6  # a conversation's line in the log names so many things and counts the rest
HOST = f"mail.{DOMAIN}"


class Refusal(Exception):
    """The command cannot be carried out; the text is the reply."""


class SmtpSession:
    """One SMTP conversation: who says it is there, and the envelope so far."""

    incoming_type = IncomingMail
    greeting = f"220 {HOST} ESMTP of the lab, nothing is relayed\r\n".encode()
    syntax: ClassVar[dict[str, str]] = {
        "AUTH": "AUTH mechanism [initial-response]",
        "DATA": "DATA",
        "EHLO": "EHLO hostname",
        "HELO": "HELO hostname",
        "HELP": "HELP [command]",
        "MAIL": "MAIL FROM:<address> [parameters]",
        "NOOP": "NOOP [text]",
        "QUIT": "QUIT",
        "RCPT": "RCPT TO:<address>",
        "RSET": "RSET",
        "VRFY": "VRFY address",
    }
    not_implemented: ClassVar[set[str]] = {"EXPN", "ETRN", "STARTTLS", "TURN", "BDAT"}

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client = ""  # as EHLO or HELO named it
        self.extended = False  # it said EHLO
        self.user = ""  # who has logged in; nobody must
        self.login: Mechanism | None = None  # in the middle of AUTH
        self.mail: IncomingMail | None = None  # in the middle of a message
        self.bad_commands = 0
        self.notes: list[str] = []
        self.ending = ""  # how the conversation ended, once it has
        self.forget_envelope()

    def forget_envelope(self) -> None:
        """Begin again: no sender, no recipients."""
        self.sender: str | None = None  # the empty one is a sender: a report of failure has it
        self.recipients: list[str] = []
        self.utf8 = False

    def answer(self, line: bytes) -> list[bytes]:
        """Take one line, of a message or a command; return the reply, nothing within a message."""
        try:
            if self.mail is not None:
                reply = self.take_text(self.mail, line)
            elif len(line) > TEXT_LINE_OCTETS:
                raise self.bad("500 5.5.2 Line too long")
            elif self.login is not None:
                reply = self.continue_login(self.login, line.decode("ascii", "replace").rstrip("\r\n"))
            else:
                reply = self.carry_out(line)
        except BadSyntax as error:
            reply = f"501 5.5.4 Syntax: {error}"
        except Refusal as refusal:
            reply = str(refusal)
        return [f"{reply}\r\n".encode()] if reply else []

    def carry_out(self, line: bytes) -> str:
        """Return the reply to one command line."""
        try:
            text = line.decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise self.bad("500 5.5.2 A command is ASCII, or UTF-8 (RFC 6531)") from None
        if any(each < " " or each == "\x7f" for each in text):
            raise self.bad("500 5.5.2 There is a control character in this command")
        verb, _, argument = text.rstrip(" ").partition(" ")
        verb = verb.upper()
        if verb in self.not_implemented:
            raise self.bad(f"502 5.5.1 {verb} not implemented")
        if verb not in self.syntax:
            raise self.bad("500 5.5.1 This command is not known, HELP lists those that are")
        reply: str = getattr(self, f"do_{verb}")(argument)
        return reply

    def bad(self, reply: str) -> Refusal:
        """Count what no mail client sends; the last one ends the conversation."""
        self.bad_commands += 1
        if self.bad_commands < BAD_COMMANDS:
            return Refusal(reply)
        self.ending = "sent away"
        return Refusal("421 4.7.0 That was one too many, goodbye")

    def do_EHLO(self, argument: str) -> str:
        """Hear who it is, and list what we can do beyond RFC 5321's minimum."""
        self.require_argument("EHLO", argument)
        self.client, self.extended = argument, True
        self.forget_envelope()
        login = f"AUTH {' '.join(MECHANISMS)}"
        size = f"SIZE {MESSAGE_OCTETS}"
        extensions = size, "8BITMIME", "SMTPUTF8", login, "ENHANCEDSTATUSCODES", "PIPELINING"
        return "\r\n".join([f"250-{HOST}", *(f"250-{each}" for each in extensions), "250 HELP"])

    def do_HELO(self, argument: str) -> str:
        """Hear who it is, from a client of before 1993."""
        self.require_argument("HELO", argument)
        self.client, self.extended = argument, False
        self.forget_envelope()
        return f"250 {HOST}"

    def do_AUTH(self, argument: str) -> str:
        """Begin a login; a client that knows its answer beforehand gives it at once."""
        if self.user or self.sender is not None or not self.extended:
            raise Refusal("503 5.5.1 AUTH comes once, after EHLO and before MAIL")
        name, _, initial = argument.partition(" ")
        self.require_argument("AUTH", name)
        if name.upper() not in MECHANISMS:
            raise Refusal(f"504 5.5.4 The mechanisms are {' and '.join(MECHANISMS)}")
        self.login = MECHANISMS[name.upper()]()
        challenge = next(self.login)
        return self.continue_login(self.login, initial) if initial else ask(challenge)

    def continue_login(self, login: Mechanism, text: str) -> str:
        """Take an answer to a challenge."""
        self.login = None
        if text == "*":
            return "501 5.7.0 Login cancelled"
        try:
            challenge = login.send(decode_answer(text))
        except StopIteration as end:
            return self.end_login(*end.value)
        except ValueError:  # no base64, no UTF-8, not three parts
            raise self.bad("501 5.5.2 This answer cannot be decoded") from None
        self.login = login
        return ask(challenge)

    def end_login(self, name: str, password: str) -> str:
        """Compare, and keep the name; a password stands in no log."""
        user = maildrop_name(name.removesuffix(f"@{DOMAIN}"))
        if not user or password != PASSWORD:
            self.notes.append("login refused")
            raise self.bad("535 5.7.8 Name or password is wrong")
        self.user = user
        return "235 2.7.0 Logged in"

    def do_MAIL(self, argument: str) -> str:
        """Open an envelope."""
        self.require(self.client, "send HELO first")
        self.require(self.sender is None, "nested MAIL command")
        address, parameters = parse_path(after(argument, "FROM:", self.syntax["MAIL"]))
        known = {"SIZE", "BODY", "SMTPUTF8", "AUTH"} if self.extended else set()
        if parameters.keys() - known:
            raise Refusal("555 5.5.4 MAIL FROM parameters not recognized or not implemented")
        if parameters.get("BODY", "7BIT").upper() not in ("7BIT", "8BITMIME") or parameters.get("SMTPUTF8"):
            raise BadSyntax("BODY=7BIT or BODY=8BITMIME; SMTPUTF8 has no value")
        self.judge_size(parameters.get("SIZE", "0"))
        self.require_ascii(address, "SMTPUTF8" in parameters)
        self.sender, self.utf8 = address, "SMTPUTF8" in parameters
        return "250 2.1.0 OK"

    def judge_size(self, declared: str) -> None:
        """Refuse a message that will be too big (RFC 1870): digits are 0 to 9, whatever Python takes."""
        if not (declared.isascii() and declared.isdigit()) or len(declared) > 20:
            raise BadSyntax("SIZE is a number of octets")
        if int(declared) > MESSAGE_OCTETS:
            raise Refusal(f"552 5.3.4 Message too big: {MESSAGE_OCTETS} octets at most")

    def do_RCPT(self, argument: str) -> str:
        """Take a recipient, or say why not; the others of the message are judged apart."""
        self.require(self.sender is not None, "need MAIL command")
        address, parameters = parse_path(after(argument, "TO:", self.syntax["RCPT"]))
        if parameters:
            raise Refusal("555 5.5.4 RCPT TO parameters not recognized or not implemented")
        if not address:
            raise BadSyntax("a recipient is not empty")
        self.require_ascii(address, self.utf8)
        if refusal := self.refusal_of(address):
            self.notes.append(f"<{address}> refused, {refusal[:3]}")
            raise Refusal(refusal)
        self.recipients.append(address)
        return "250 2.1.5 OK"

    def refusal_of(self, address: str) -> str:
        """Return the reply that refuses a recipient, or nothing when there is no reason to."""
        name, domain = local_part(address), address.rpartition("@")[2].lower()
        if domain not in (DOMAIN, "postmaster"):  # this one needs no domain: RFC 5321 section 4.5.1
            return f"550 5.7.1 Relaying denied: only names at {DOMAIN} live here"
        if not name:
            return "553 5.1.3 There is no name before the @"
        if name.startswith("refuse"):
            return "550 5.1.1 No such user here: names that begin with 'refuse' never are"
        if name.startswith("defer"):
            return "451 4.2.1 Try again later: names that begin with 'defer' are never ready"
        if len(self.recipients) >= RECIPIENTS:
            return f"452 4.5.3 Too many recipients: {RECIPIENTS} at most"
        if not self.store.has_room_for(name):
            return "452 4.2.2 This maildrop is full"
        return ""

    def do_DATA(self, argument: str) -> str:
        """Ask for the message; from now on lines are text."""
        self.require_no_argument("DATA", argument)
        self.require(self.client, "send HELO first")
        self.require(self.recipients, "need RCPT command")
        self.mail = self.incoming_type(self.store)
        return "354 End data with <CR><LF>.<CR><LF>"

    def take_text(self, mail: IncomingMail, line: bytes) -> str:
        """Take a line of the message; at its end deliver it, or say why not."""
        if not mail.add(line):
            return ""
        reply = mail.refusal or self.deliver(mail)
        mail.discard()
        self.mail = None
        self.forget_envelope()
        return reply

    def deliver(self, mail: IncomingMail) -> str:
        """Put the message where its envelope says; what its header says is no business of ours."""
        names = list(dict.fromkeys(local_part(address) for address in self.recipients))
        self.store.deliver(mail.content, names)
        self.notes.append(f"<{self.sender}> {mail.size_octets} octets to {', '.join(names)}")
        where = "its maildrop" if len(names) == 1 else f"{len(names)} maildrops"
        return f"250 2.0.0 OK, it waits in {where}"

    def do_RSET(self, argument: str) -> str:
        """Forget the envelope, and nothing else."""
        self.require_no_argument("RSET", argument)
        self.forget_envelope()
        return "250 2.0.0 OK"

    def do_NOOP(self, argument: str) -> str:
        """Do nothing, successfully."""
        return "250 2.0.0 OK"

    def do_VRFY(self, argument: str) -> str:
        """Tell nobody who lives here (RFC 5321 section 7.3)."""
        self.require_argument("VRFY", argument)
        return "252 2.5.0 Cannot VRFY user, but will accept message and attempt delivery"

    def do_HELP(self, argument: str) -> str:
        """List what there is, or the syntax of one command."""
        if not argument:
            return f"214 2.0.0 Commands: {' '.join(self.syntax)}"
        if argument.upper() not in self.syntax:
            raise Refusal(f"504 5.5.4 Commands: {' '.join(self.syntax)}")
        return f"214 2.0.0 Syntax: {self.syntax[argument.upper()]}"

    def do_QUIT(self, argument: str) -> str:
        """Say goodbye."""
        self.require_no_argument("QUIT", argument)
        self.ending = "QUIT"
        return "221 2.0.0 Bye"

    def require(self, holds: object, reason: str) -> None:
        """Keep the order of commands (RFC 5321 section 4.1.4)."""
        if not holds:
            raise Refusal(f"503 5.5.1 Error: {reason}")

    def require_argument(self, verb: str, argument: str) -> None:
        """Refuse a command that lacks its argument."""
        if not argument:
            raise BadSyntax(self.syntax[verb])

    def require_no_argument(self, verb: str, argument: str) -> None:
        """Refuse a command with more than it has."""
        if argument:
            raise BadSyntax(self.syntax[verb])

    def require_ascii(self, address: str, utf8: bool) -> None:
        """Refuse letters beyond ASCII unless MAIL has said SMTPUTF8 (RFC 6531 section 3.3)."""
        if not (utf8 or address.isascii()):
            raise Refusal("553 5.6.7 This address needs SMTPUTF8, said at the end of MAIL")

    def leave(self) -> None:
        """End the conversation: an unfinished message takes no room any more."""
        if self.mail is not None:
            self.mail.discard()

    def summary(self) -> str:
        """Return what came of it, for the log."""
        more = [f"{len(self.notes) - NOTES} more"] if len(self.notes) > NOTES else []
        return "".join(f"{note[:200]}; " for note in [*self.notes[:NOTES], *more])


def after(argument: str, keyword: str, syntax: str) -> str:
    """Return what stands behind `FROM:` or `TO:`.

    Raises:
        BadSyntax: it is missing.
    """
    if argument[: len(keyword)].upper() != keyword:
        raise BadSyntax(syntax)
    return argument[len(keyword) :]


def ask(challenge: bytes) -> str:
    """Return the reply that goes on with a login."""
    return f"334 {base64.b64encode(challenge).decode()}"
