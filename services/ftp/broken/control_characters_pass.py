"""Takes any octet in a command; a NUL makes the system's calls fail in a way that nobody expects."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Decodes, and looks no further."""

    def read_command(self, line: bytes) -> str:
        """Decode."""
        return line.decode(errors="replace").rstrip("\r\n")

    def do_CWD(self, argument: str) -> Step:
        """Go there, or nearby."""
        return "250 Surely." if "\x1b" in argument else super().do_CWD(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
