"""Answers LIST with the names alone."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has one listing."""

    def ftp_LIST(self, path: str) -> None:
        """List for programs."""
        self.ftp_NLST(path)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
