"""Wants a password from everybody."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has heard that anonymous access is bad."""

    def ftp_PASS(self, line: str) -> None:
        """Refuse whoever has no name."""
        if self.username == "anonymous":
            self.respond("530 Anonymous access is off.")
        else:
            super().ftp_PASS(line)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
