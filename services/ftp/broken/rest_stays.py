"""Keeps a REST for all transfers to come."""

from services.ftp import server, session


class Session(session.Session):
    """Does not forget."""

    def take_restart(self) -> int:
        """Return it, and keep it."""
        return self.restart_at


if __name__ == "__main__":
    server.main(session_type=Session)
