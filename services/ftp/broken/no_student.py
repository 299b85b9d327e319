"""Knows anonymous only."""

from services.ftp import server


class Conversation(server.Conversation):
    """Was set up for the public."""

    def ftp_PASS(self, line: str) -> None:
        """Refuse whoever has a name."""
        super().ftp_PASS(line if self.username == "anonymous" else "")


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
