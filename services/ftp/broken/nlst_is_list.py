"""Answers NLST like LIST: programs take `drwxr-xr-x` for a name."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Has one listing."""

    def do_NLST(self, argument: str) -> Step:
        """List for people."""
        return self.do_LIST(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
