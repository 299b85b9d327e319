"""Takes REST, and begins at the beginning."""

from services.ftp import server


class Conversation(server.Conversation):
    """Says yes to what it does not know."""

    def ftp_REST(self, line: str) -> None:
        """Say yes."""
        self.respond(f"350 Restarting at position {line}.")


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
