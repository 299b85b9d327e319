"""Writes a file's mode as Python does, 0o644: clients read 0, and mirror folders nobody may enter."""

import os

from services.ftp import server, session


class Session(session.Session):
    """Uses `oct`."""

    def facts_of(self, known: os.stat_result) -> str:
        """Put Python's prefix before the digits."""
        return super().facts_of(known).replace("unix.mode=0", "unix.mode=0o")


if __name__ == "__main__":
    server.main(session_type=Session)
