"""Lets everybody in who says USER, and obeys before."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has no idea of a login."""

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        """Log in who has not."""
        if not self.authenticated and cmd not in ("USER", "PASS"):
            self.username = "student"
            self.ftp_PASS("lab")
        super().pre_process_command(line, cmd, arg)


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
