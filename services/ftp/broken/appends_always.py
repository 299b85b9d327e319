"""Stores a file again behind what was there."""

from services.ftp import server


class Conversation(server.Conversation):
    """Opens with the wrong mode."""

    def ftp_STOR(self, file: str, mode: str = "a") -> None:
        """Append."""
        super().ftp_STOR(file, "a")


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
