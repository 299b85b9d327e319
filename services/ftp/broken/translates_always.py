"""Translates line ends in binary files too."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Ignores TYPE I."""

    def do_RETR(self, argument: str) -> Step:
        """Send text."""
        self.text, before = True, self.text
        try:
            return super().do_RETR(argument)
        finally:
            self.text = before


if __name__ == "__main__":
    server.main(session_type=Session)
