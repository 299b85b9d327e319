"""Moves text as it is: a line ends as the sender's system ends it."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Ignores TYPE A."""

    def do_TYPE(self, argument: str) -> Step:
        """Say yes, and stay with binary."""
        reply = super().do_TYPE(argument)
        self.text = False
        return reply


if __name__ == "__main__":
    server.main(session_type=Session)
