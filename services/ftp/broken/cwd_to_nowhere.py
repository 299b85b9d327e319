"""Believes every CWD: the client stands in a folder that is not there."""

from services.ftp import server


class Conversation(server.Conversation):
    """Does not look."""

    def ftp_CWD(self, path: str) -> None:
        """Go there in thought."""
        self.fs.cwd = self.fs.fs2ftp(path)
        self.respond(f'250 "{self.fs.cwd}" is the current directory.')


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
