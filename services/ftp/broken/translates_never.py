"""Moves text as it is: a line ends as the sender's system ends it."""

from services.ftp import server


class Conversation(server.Conversation):
    """Ignores TYPE A."""

    def ftp_TYPE(self, line: str) -> None:
        """Say yes, and stay with binary."""
        super().ftp_TYPE(line)
        self._current_type = "i"


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
