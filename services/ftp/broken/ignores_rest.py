"""Takes REST, and begins at the beginning."""

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Says yes to what it does not know."""

    def do_REST(self, argument: str) -> Step:
        """Say yes."""
        return f"350 The next transfer begins at {argument}."


if __name__ == "__main__":
    server.main(session_type=Session)
