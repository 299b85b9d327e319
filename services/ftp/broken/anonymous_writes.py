"""Gives anonymous the rights of a student: in a day the disk is full of other people's files."""

from services.ftp import server, session


class Session(session.Session):
    """Asks nobody who he is."""

    @property
    def may_write(self) -> bool:
        """Whoever is in may write."""
        return True


if __name__ == "__main__":
    server.main(session_type=Session)
