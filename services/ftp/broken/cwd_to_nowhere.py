"""Believes every CWD: the client stands in a folder that is not there."""

from services.ftp import server, session


class Session(session.Session):
    """Does not look."""

    def enter(self, path: str) -> None:
        """Go there in thought."""
        self.folder = path


if __name__ == "__main__":
    server.main(session_type=Session)
