"""Answers CDUP as CWD, by another code than RFC 959 lists."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Calls its own CWD."""

    def do_CDUP(self, argument: str) -> Step:
        """Go there, and say so as CWD does."""
        return self.do_CWD("..")


if __name__ == "__main__":
    server.main(session_type=Session)
