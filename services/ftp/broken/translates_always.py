"""Translates line ends in binary files too."""

from services.ftp import server


class Conversation(server.Conversation):
    """Ignores TYPE I."""

    _current_type = size_type = "a"

    def ftp_TYPE(self, line: str) -> None:
        """Say yes, and stay with text."""
        super().ftp_TYPE(line)
        self.size_type, self._current_type = self._current_type, "a"

    def ftp_SIZE(self, path: str) -> None:
        """Tell the size, as long as it is not text."""
        self._current_type = self.size_type
        super().ftp_SIZE(path)
        self._current_type = "a"


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
