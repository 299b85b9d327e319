"""Keeps a REST for all transfers to come."""

from services.ftp import server


class Conversation(server.Conversation):
    """Does not forget."""

    position = 0

    def ftp_REST(self, line: str) -> None:
        """Remember the position, for ever."""
        super().ftp_REST(line)
        self.position = self._restart_position

    def ftp_RETR(self, file: str) -> None:
        """Begin where a REST has said, whenever that was."""
        self._restart_position = self.position
        super().ftp_RETR(file)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
