"""Answers NLST like LIST: programs take `drwxr-xr-x` for a name."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has one listing."""

    def ftp_NLST(self, path: str) -> None:
        """List for people."""
        self.ftp_LIST(path)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
