"""Renames by making a copy: the old name stays."""

import shutil

from services.ftp import server, session
from services.ftp.state import Step


class Session(session.Session):
    """Forgets half of it."""

    def do_RNTO(self, argument: str) -> Step:
        """Copy to the new name."""
        shutil.copyfile(self.files.real(self.rename_from), self.files.real(self.path(argument)))
        return "250 Renamed."


if __name__ == "__main__":
    server.main(session_type=Session)
