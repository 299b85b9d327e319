"""Takes any password of a student."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Looks at the name alone."""

    def do_PASS(self, argument: str) -> Step:
        """Read the right password, whatever was sent."""
        return super().do_PASS("lab" if self.user == "student" else argument)


if __name__ == "__main__":
    server.main(session_type=Session)
