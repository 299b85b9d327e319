"""Answers PASV over IPv6, with an address of eight parts where four belong."""

from services.ftp import server, session
from services.ftp.state import Listen, Step


class Session(session.Session):
    """Never asks which family it talks in."""

    def do_PASV(self, argument: str) -> Step:
        """Listen."""
        return Listen(f"227 Entering Passive Mode ({self.passive_host()},{{high}},{{low}}).")


if __name__ == "__main__":
    server.main(session_type=Session)
