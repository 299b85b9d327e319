r"""Mail: send by SMTP with every refusal shown, then list, fetch and delete by POP3.

What `sendmail` returns is the lesson of the first half: a dictionary of the recipients that were
refused, empty when none was; when all were it raises instead. The lesson of the second half is that
`dele` only marks: the message goes at `quit`, and not at all when the connection breaks before.
"""

import argparse
import poplib
import smtplib
import sys
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

TIMEOUT_S = 5.0
EXAMPLES = """\
examples:
  mail_client send ana refuse-me defer-me --subject Hello --text 'See you at nine.'
  mail_client list ana
  mail_client fetch ana 1
  mail_client delete ana 1
"""


def main(arguments: list[str] | None = None) -> int:
    """Read the words, do one of the four things; return 0, or 1 with a line on stderr; 130 at Ctrl-C."""
    options = parse(arguments)
    try:
        return int(options.run(options))
    except smtplib.SMTPRecipientsRefused as error:
        print(
            f"mail_client: nobody got it, sendmail raised SMTPRecipientsRefused: {error.recipients}",
            file=sys.stderr,
        )
    except (OSError, EOFError, OverflowError, ValueError, poplib.error_proto) as error:
        reason = getattr(error, "strerror", None) or error.args[-1]
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        print(f"mail_client: {options.host} port {options.port}: {text}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def send(options: argparse.Namespace) -> int:
    """Send one message; print what became of each recipient."""
    recipients = [name if "@" in name else f"{name}@lab.test" for name in options.recipients]
    message = EmailMessage()
    message["From"] = options.sender
    message["To"] = options.to or ", ".join(recipients)
    message["Subject"] = options.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="client.lab.test")
    message.set_content(options.text)
    with smtplib.SMTP(options.host, options.port, "client.lab.test", TIMEOUT_S) as server:
        server.set_debuglevel(options.verbose)
        refused = server.send_message(message, options.sender, recipients)
    print(f"envelope: from {options.sender} to {', '.join(recipients)}")
    print(f"header:   From: {message['From']}  To: {message['To']}")
    print(f"sendmail returned {refused}")
    for address in recipients:
        code, text = refused.get(address, (250, b"taken"))
        print(f"  {address}: {code} {text.decode()}")
    return 0


def log_in(options: argparse.Namespace) -> poplib.POP3:
    """Connect, give name and password; now the maildrop is ours until we leave."""
    server = poplib.POP3(options.host, options.port, TIMEOUT_S)
    server.set_debuglevel(options.verbose)
    server.user(options.name)
    server.pass_(options.password)
    return server


def list_messages(options: argparse.Namespace) -> int:
    """Print number, size, unique name and subject of each message."""
    server = log_in(options)
    count, octets = server.stat()
    print(f"{count} messages, {octets} octets")
    for entry in server.list()[1]:
        number, size = (int(word) for word in entry.split())
        header = server.top(number, 0)[1]
        subject = next((line for line in header if line.lower().startswith(b"subject:")), b"(no subject)")
        unique_name = server.uidl(number).split()[2].decode()
        print(f"{number:5} {size:8} octets  {unique_name}  {subject.decode(errors='replace')}")
    server.quit()
    return 0


def fetch(options: argparse.Namespace) -> int:
    """Print one message as it came, header and body."""
    server = log_in(options)
    _, lines, octets = server.retr(options.number)
    server.quit()
    print("\n".join(line.decode(errors="replace") for line in lines))
    print(f"({octets} octets)", file=sys.stderr)
    return 0


def delete(options: argparse.Namespace) -> int:
    """Mark messages, then QUIT, which deletes them; with --drop leave without it, which does not."""
    server = log_in(options)
    for number in options.numbers:
        print(f"DELE {number}: {server.dele(number).decode()}")
    print(f"STAT now counts {server.stat()[0]}, the deletion is still to come")
    if options.drop:
        server.close()
        print("left without QUIT: nothing has been deleted, look with list")
    else:
        print(f"QUIT: {server.quit().decode()}")
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line: one of four commands and what it needs."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--host", default="mail", help="name or address of the server (default: mail)")
    common.add_argument("--port", type=int, help="default: 25 to send, 110 else")
    common.add_argument("-v", "--verbose", action="count", default=0, help="show every line of the dialogue")
    reading = argparse.ArgumentParser(add_help=False, parents=[common])
    reading.add_argument("name", help="whose maildrop")
    reading.add_argument("--password", default="lab", help="default: lab")

    parser = argparse.ArgumentParser(
        prog="mail_client",
        description="Send mail by SMTP; list, fetch and delete it by POP3.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("send", parents=[common], help="send one message, show who was refused")
    command.add_argument(
        "recipients", nargs="+", metavar="recipient", help="a name at lab.test, or an address"
    )
    command.add_argument(
        "--from", dest="sender", default="student@lab.test", help="default: student@lab.test"
    )
    command.add_argument("--to", help="what the To: line says (default: the recipients)")
    command.add_argument("--subject", default="Hello")
    command.add_argument("--text", default="This is a message.")
    command.set_defaults(run=send, default_port=25)
    command = commands.add_parser("list", parents=[reading], help="show what lies in a maildrop")
    command.set_defaults(run=list_messages, default_port=110)
    command = commands.add_parser("fetch", parents=[reading], help="print one message")
    command.add_argument("number", type=int, help="as list shows it")
    command.set_defaults(run=fetch, default_port=110)
    command = commands.add_parser("delete", parents=[reading], help="mark messages, and QUIT")
    command.add_argument("numbers", type=int, nargs="+", metavar="number", help="as list shows them")
    command.add_argument("--drop", action="store_true", help="leave without QUIT: nothing is deleted")
    command.set_defaults(run=delete, default_port=110)
    options = parser.parse_args(arguments)
    options.port = options.port or options.default_port
    return options


if __name__ == "__main__":
    sys.exit(main())
