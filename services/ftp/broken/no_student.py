"""Knows anonymous only."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Was set up for the public."""

    def do_PASS(self, argument: str) -> Step:
        """Refuse whoever has a name."""
        return super().do_PASS(argument if self.user == "anonymous" else "")


if __name__ == "__main__":
    server.main(session_type=Session)
