"""FTP: list folders, fetch and store files, in binary and as text, passive and active.

The library moves a file by pieces (`retrbinary`, `storbinary`) or by lines (`retrlines`, `storlines`)
and calls a function of ours for each: the callback. Ours tell what came, and keep it.
"""

import argparse
import ftplib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

SHOWN_CALLS = 3
SHOWN_OCTETS = 400
TIMEOUTS_ALTOGETHER = 12  # a server may be slow twelve times, not for ever
EXAMPLES = """\
examples:
  ftp_client list
  ftp_client list folder --facts
  ftp_client get folder/lines.txt --text
  ftp_client get octets.bin copy.bin
  ftp_client put /etc/services services.txt --text --active -v
  ftp_client delete services.txt
"""


class Told:
    """A callback that tells how it is called, and hands on what it is called with."""

    def __init__(self, keep: Callable[[Any], object]) -> None:
        self.keep = keep
        self.calls = 0

    def __call__(self, piece: bytes | str) -> None:
        """Take one piece or one line."""
        self.calls += 1
        if self.calls <= SHOWN_CALLS:
            print(f"  call {self.calls}: {type(piece).__name__} of {len(piece)}")
        elif self.calls == SHOWN_CALLS + 1:
            print("  and so on")
        self.keep(piece)


def list_folder(ftp: ftplib.FTP, asked: argparse.Namespace) -> None:
    """Show a folder: as LIST tells it to people, or with --facts as MLSD tells it to programs."""
    if asked.facts:
        for name, facts in ftp.mlsd(asked.path):
            print(escaped(f"{name}: {facts}"))
    else:
        ftp.retrlines(f"LIST {asked.path}".strip(), lambda line: print(escaped(line)))


def get_file(ftp: ftplib.FTP, asked: argparse.Namespace) -> None:
    """Fetch a file: octet for octet, or as text with lines that end as they do here."""
    pieces: list[bytes] = []
    if asked.text:
        ftp.retrlines(f"RETR {asked.name}", Told(lambda line: pieces.append(f"{line}{os.linesep}".encode())))
    else:
        ftp.retrbinary(f"RETR {asked.name}", Told(pieces.append))
    content = b"".join(pieces)
    print(f"{len(content)} octets in {len(pieces)} {'lines' if asked.text else 'pieces'}")
    if asked.file:
        Path(asked.file).write_bytes(content)
        print(escaped(f"written to {asked.file}"))
    elif asked.text:
        print("\n".join(map(escaped, content[:SHOWN_OCTETS].decode(errors="replace").splitlines())))
    else:
        print(f"{content[:SHOWN_OCTETS]!r}")


def put_file(ftp: ftplib.FTP, asked: argparse.Namespace) -> None:
    """Store a file: octet for octet, or as text, whose lines end with CRLF on the way."""
    store = ftp.storlines if asked.text else ftp.storbinary
    sent: list[int] = []
    with Path(asked.file).open("rb") as file:
        reply = store(
            f"STOR {asked.name or Path(asked.file).name}",
            file,
            callback=Told(lambda piece: sent.append(len(piece))),
        )
    print(f"{sum(sent)} octets in {len(sent)} {'lines' if asked.text else 'pieces'}")
    print(escaped(reply))


def delete_file(ftp: ftplib.FTP, asked: argparse.Namespace) -> None:
    """Delete a file."""
    print(escaped(ftp.delete(asked.name)))


def escaped(text: str) -> str:
    """Return a stranger's text with control characters escaped: they could command the terminal."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def parse_arguments() -> argparse.Namespace:
    """Return what the command line asks for; its `run` is the function that does it."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--host", default="ftp", help="name or address (default: %(default)s)")
    common.add_argument("--port", type=int, default=21, help="TCP port (default: %(default)s)")
    common.add_argument("--user", default="student", help="or anonymous, to read (default: %(default)s)")
    common.add_argument("--password", default="lab", help="default: %(default)s")
    common.add_argument("--active", action="store_true", help="have the server connect to us for the data")
    common.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience for each step (5)")
    common.add_argument("-v", "--verbose", action="count", default=0, help="show commands and replies")
    moving = argparse.ArgumentParser(add_help=False, parents=[common])
    moving.add_argument("--text", action="store_true", help="TYPE A: lines, not octets")

    parser = argparse.ArgumentParser(
        prog="ftp_client",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("list", parents=[common], help="show a folder")
    command.add_argument("path", nargs="?", default="")
    command.add_argument("--facts", action="store_true", help="MLSD in place of LIST")
    command.set_defaults(run=list_folder)
    command = commands.add_parser("get", parents=[moving], help="fetch a file, and show it or write it")
    command.add_argument("name", help="as it is called there")
    command.add_argument("file", nargs="?", help="where to write it (default: it is shown)")
    command.set_defaults(run=get_file)
    command = commands.add_parser("put", parents=[moving], help="store a file")
    command.add_argument("file", help="the file to send")
    command.add_argument("name", nargs="?", help="what to call it there (default: the same)")
    command.set_defaults(run=put_file)
    command = commands.add_parser("delete", parents=[common], help="delete a file")
    command.add_argument("name", help="as it is called there")
    command.set_defaults(run=delete_file)
    asked = parser.parse_args()
    if not (0 < asked.port < 65536 and 0 < asked.timeout <= 3600):
        parser.error("a port is 1 to 65535, and a timeout above 0 and at most 3600 s")
    if any(octet in value for value in vars(asked).values() if isinstance(value, str) for octet in "\r\n"):
        parser.error("a command of FTP is one line, so no name can have a line's end in it")
    return asked


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("it takes too long altogether")


def main() -> None:
    """Log in, do what is asked, and say in one line what went wrong if something did."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    asked = parse_arguments()
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, TIMEOUTS_ALTOGETHER * asked.timeout)
    where = f"{asked.host} port {asked.port}"
    try:
        with ftplib.FTP(encoding="utf-8", timeout=asked.timeout) as ftp:
            ftp.set_debuglevel(asked.verbose)
            ftp.set_pasv(not asked.active)
            print(escaped(ftp.connect(asked.host, asked.port)))
            print(escaped(ftp.login(asked.user, asked.password)))
            asked.run(ftp, asked)
    except BrokenPipeError:  # who reads our output has read enough (`| head`), or the server has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("ftp_client: the other side has stopped reading")
    except ftplib.Error as error:
        sys.exit(f"ftp_client: {where} says {escaped(str(error))}")
    except UnicodeDecodeError:
        sys.exit("ftp_client: that is no text in UTF-8: fetch it without --text")
    except (OSError, EOFError, UnicodeError) as error:
        about = getattr(error, "filename", None) or f"no answer from {where}"
        sys.exit(f"ftp_client: {about}: {getattr(error, 'strerror', None) or error or 'it hung up'}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
