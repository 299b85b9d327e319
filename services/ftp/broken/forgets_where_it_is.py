"""Answers CWD and stays where it was."""

from services.ftp import server


class Conversation(server.Conversation):
    """Has no state."""

    def ftp_CWD(self, path: str) -> None:
        """Say yes."""
        self.respond(f'250 "{self.fs.fs2ftp(path)}" is the current directory.')


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
