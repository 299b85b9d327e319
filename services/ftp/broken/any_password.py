"""Takes any password of a student."""

from services.ftp import server


class Conversation(server.Conversation):
    """Looks at the name alone."""

    def ftp_PASS(self, line: str) -> None:
        """Read the right password, whatever was sent."""
        super().ftp_PASS("lab" if self.username == "student" else line)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
