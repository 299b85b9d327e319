"""Answers CWD and stays where it was."""

from services.ftp import server, session


class Session(session.Session):
    """Has no state."""

    def enter(self, path: str) -> None:
        """Go nowhere."""


if __name__ == "__main__":
    server.main(session_type=Session)
