"""Answers LIST with the names alone."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Has one listing."""

    def do_LIST(self, argument: str) -> Step:
        """List for programs."""
        return self.do_NLST(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
