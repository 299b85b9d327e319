"""Wants a password from everybody."""

from services.ftp import server, session
from services.ftp.state import Refusal, Step


class Session(session.Session):
    """Has heard that anonymous access is bad."""

    def do_PASS(self, argument: str) -> Step:
        """Refuse whoever has no name."""
        if self.user == "anonymous":
            raise Refusal("530 Anonymous access is off.")
        return super().do_PASS(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
