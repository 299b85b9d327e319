"""Names an address in PASV that the client cannot reach, as behind a misconfigured router."""

from services.ftp import server, session


class Session(session.Session):
    """Believes its settings."""

    def passive_host(self) -> str:
        """Tell what the settings say."""
        return "203,0,113,1"


if __name__ == "__main__":
    server.main(session_type=Session)
