"""FTP's control connection whole: a command line in, what it leads to out. No socket and no waiting in here.

Most commands lead to a reply. Some lead to a step that the server takes: to listen, to connect, to move
something over a data connection; `state` names them.

Spec: RFC 959 sections 4.1 (commands), 5.4 (replies), RFC 1123 section 4.1, RFC 2389 (FEAT, OPTS)
"""

from typing import ClassVar

from services.ftp.data_commands import DataCommands
from services.ftp.file_commands import FileCommands, refusing
from services.ftp.files import long_line
from services.ftp.state import Refusal, Step

LINE_OCTETS = 2048
WRONG_PASSWORDS = 3
PASSWORDS = {"student": "lab"}  # anonymous comes in with any
TELNET_SIGNALS = b"\xff\xf4\xf2"  # some clients send them before ABOR (RFC 959 section 4.1.3)
REST_DIGITS = 18


class Session(DataCommands, FileCommands):
    """One conversation, command by command."""

    greeting = "220 ftp.lab.test: log in as anonymous to read, as student to write."
    before_login: ClassVar[set[str]] = {
        *("USER", "PASS", "ACCT", "REIN", "QUIT", "NOOP", "HELP", "FEAT", "OPTS", "SYST", "STAT")
    }
    not_implemented: ClassVar[set[str]] = {"SMNT", "AUTH", "PBSZ", "PROT", "CCC"}

    def answer(self, line: bytes) -> Step:
        """Carry out one command line."""
        try:
            return self.carry_out(self.read_command(line))
        except Refusal as refusal:
            return str(refusal)

    def read_command(self, line: bytes) -> str:
        """Return a command as text, without its end and what belongs to Telnet.

        Raises:
            Refusal: it is too long, no UTF-8, or has control characters in it.
        """
        if len(line) > LINE_OCTETS:
            raise Refusal("500 This line is too long.")
        try:
            text = line.lstrip(TELNET_SIGNALS).decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            text = "\0"
        if any(each < " " or each == "\x7f" for each in text):
            raise Refusal("501 A command is UTF-8, without control characters.")
        return text

    def carry_out(self, text: str) -> Step:
        """Return what a command leads to."""
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        if verb in self.not_implemented:
            raise Refusal(f"502 {verb} is not implemented.")
        if verb not in self.verbs():
            raise Refusal("500 This command is not known.")
        if not self.logged_in and verb not in self.before_login:
            raise Refusal("530 Log in with USER and PASS.")
        if verb != "RNTO":
            self.rename_from = ""  # RNTO follows at once, or not at all (RFC 959 section 4.1.3)
        step: Step = getattr(self, f"do_{verb}")(argument)
        return step

    @staticmethod
    def verb_of(line: bytes) -> str:
        """Return a command line's verb, in capitals."""
        return line.lstrip(TELNET_SIGNALS).strip().partition(b" ")[0].decode(errors="replace").upper()

    @classmethod
    def verbs(cls) -> list[str]:
        """Return the commands there are."""
        return [name.removeprefix("do_") for name in dir(cls) if name.startswith("do_")]

    def do_USER(self, argument: str) -> Step:
        """Take the name; whether there is such a user is told after the password only."""
        if not argument:
            raise Refusal("501 USER needs a name.")
        self.begin_again()
        self.user = argument
        return "331 Now the password."

    def do_PASS(self, argument: str) -> Step:
        """Take the password."""
        if not self.user or self.logged_in:
            raise Refusal("503 USER comes first.")
        if self.user == "anonymous" or PASSWORDS.get(self.user) == argument:
            self.logged_in = True
            return "230 Logged in."
        self.user = ""
        self.wrong_passwords += 1
        if self.wrong_passwords >= WRONG_PASSWORDS:
            self.ending = "sent away"
        raise Refusal("530 Name or password is wrong.")

    def do_ACCT(self, argument: str) -> Step:
        """Take an account, which nothing here needs."""
        if not argument:
            raise Refusal("501 ACCT needs an account.")
        return "202 No account is needed here."

    def do_REIN(self, argument: str) -> Step:
        """Begin again."""
        self.begin_again()
        return "220 Ready for another user."

    def do_QUIT(self, argument: str) -> Step:
        """Say goodbye."""
        self.ending = "QUIT"
        return "221 Goodbye."

    def do_NOOP(self, argument: str) -> Step:
        """Do nothing, successfully."""
        return "200 Still here."

    def do_ABOR(self, argument: str) -> Step:
        """Break off a transfer: when this is asked, there is none (`conversation` handles the others)."""
        return "225 There is no transfer to abort."

    def do_ALLO(self, argument: str) -> Step:
        """Hear how much will come: room is found as it comes (RFC 959 section 4.1.3)."""
        if not is_number(argument.partition(" ")[0]):
            raise Refusal("501 ALLO needs a number of octets.")
        return "202 No room need be set aside."

    def do_TYPE(self, argument: str) -> Step:
        """Choose text or octets; RFC 1123 section 4.1.2.13 wants A (N), I and L 8."""
        kind = argument.upper()
        if kind in ("A", "A N"):
            self.text = True
        elif kind in ("I", "L 8", "L8"):
            self.text = False
        elif kind[:1] in ("A", "E", "L"):
            raise Refusal("504 The types are A N, I and L 8.")
        else:
            raise Refusal("501 The types are A N, I and L 8.")
        return "200 Text, a line ends with CRLF." if self.text else "200 Octets as they are."

    def do_STRU(self, argument: str) -> Step:
        """Choose the structure: files here have none, so R need not be (RFC 1123 section 4.1.2.13)."""
        return self.only("F", argument, others="RP")

    def do_MODE(self, argument: str) -> Step:
        """Choose the mode: the end of the connection is the end of the file."""
        return self.only("S", argument, others="BC")

    def only(self, wanted: str, argument: str, *, others: str) -> Step:
        """Take the one value there is; 504 for others that RFC 959 knows."""
        if argument.upper() == wanted:
            return f"200 It is {wanted}."
        known = len(argument) == 1 and argument.upper() in others
        raise Refusal(f"{504 if known else 501} It is {wanted} here, and nothing else.")

    def do_REST(self, argument: str) -> Step:
        """Take where the next transfer begins."""
        if not is_number(argument) or len(argument) > REST_DIGITS:
            raise Refusal("501 REST needs a number of octets.")
        if self.text and int(argument):
            raise Refusal("501 A position is told in TYPE I only (RFC 3659 section 5).")
        self.restart_at = int(argument)
        return f"350 The next transfer begins at {self.restart_at}."

    def do_SYST(self, argument: str) -> Step:
        """Tell how LIST looks."""
        return "215 UNIX Type: L8"

    def do_FEAT(self, argument: str) -> Step:
        """List what there is beyond RFC 959 (RFC 2389)."""
        facts = "".join(f"{name}{'*' if name in self.facts else ''};" for name in self.files.FACTS)
        features = "EPRT", "EPSV", "MDTM", "MFMT", f"MLST {facts}", "REST STREAM", "SIZE", "TVFS", "UTF8"
        return "\r\n".join(["211-Features:", *(f" {each}" for each in features), "211 End."])

    def do_OPTS(self, argument: str) -> Step:
        """Set an option: the facts of MLST; UTF-8, which is always on."""
        name, _, value = argument.partition(" ")
        if name.upper() == "UTF8" and value.upper() in ("", "ON"):
            return "200 UTF-8 it is."
        if name.upper() == "MLST":
            asked = {each.lower() for each in value.split(";")}
            self.facts = tuple(each for each in self.files.FACTS if each in asked)
            return f"200 MLST OPTS {''.join(f'{each};' for each in self.facts)}".rstrip()
        raise Refusal("501 The options are MLST and UTF8 ON.")

    def do_SITE(self, argument: str) -> Step:
        """Do what this site alone can do, which is nothing."""
        if not argument:
            raise Refusal("501 SITE needs a command.")
        return "202 There are no commands of this site's own."

    def do_HELP(self, argument: str) -> Step:
        """List the commands."""
        verbs = self.verbs()
        if argument and argument.upper() not in verbs:
            raise Refusal("501 This command is not known, HELP lists those that are.")
        if argument:
            return f"214 {(getattr(self, f'do_{argument.upper()}').__doc__ or '').splitlines()[0]}"
        rows = [" " + " ".join(verbs[n : n + 10]) for n in range(0, len(verbs), 10)]
        return "\r\n".join(["214-Commands:", *rows, "214 End."])

    def do_STAT(self, argument: str) -> Step:
        """Tell how things stand; with a path, its listing on the control connection."""
        if not argument:
            who = self.user if self.logged_in else "nobody"
            return f"211 {who} is logged in; TYPE {'A' if self.text else 'I'}, {quantities(self)}."
        if not self.logged_in:
            raise Refusal("530 Log in with USER and PASS.")
        with refusing(450):
            lines = [f" {long_line(*each)}" for each in self.files.listed(self.path(argument))]
        return "\r\n".join(["213-Listing:", *lines, "213 End."])


def quantities(session: Session) -> str:
    """Return what has been moved so far."""
    return f"{session.sent} files sent, {session.received} received, {session.octets} octets"


def is_number(text: str) -> bool:
    """Tell whether a text is digits, 0 to 9; Python's `int` would take `1_0`, `+5` and Arabic digits."""
    return text.isascii() and text.isdigit()
