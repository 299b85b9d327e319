"""Runs every script with Python, whatever it is written in."""

import subprocess
import sys
from typing import Any

from services.cgi import server


class PythonChild(subprocess.Popen[bytes]):
    """A child that is Python."""

    def __init__(self, command: list[Any], **options: Any) -> None:
        super().__init__([sys.executable, *command], **options)


subprocess.Popen = PythonChild  # type: ignore[assignment,misc]

if __name__ == "__main__":
    server.main()
