"""Refuses PORT and EPRT: all is passive."""

from services.ftp import server


class Conversation(server.Conversation):
    """Thinks that nobody does that any more."""

    def _make_eport(self, ip: str, port: int) -> None:
        """Refuse."""
        self.respond("502 Use PASV or EPSV.")


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
