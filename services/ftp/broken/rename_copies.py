"""Renames by making a copy: the old name stays."""

import shutil

from services.ftp import server


class Conversation(server.Conversation):
    """Forgets half of it."""

    def ftp_RNTO(self, path: str) -> None:
        """Copy to the new name."""
        shutil.copyfile(self._rnfr, path)
        self.respond("250 Renaming ok.")


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
