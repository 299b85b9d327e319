"""Stores a file again behind what was there."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Opens with the wrong mode."""

    def do_STOR(self, argument: str) -> Step:
        """Append."""
        return self.do_APPE(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
