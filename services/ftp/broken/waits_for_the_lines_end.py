"""Collects a line until it ends, however long that takes."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has no limit."""

    def collect_incoming_data(self, data: bytes) -> None:
        """Keep it."""
        self._in_buffer.append(data)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
