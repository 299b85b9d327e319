"""Starts a client program by its name, or any other command of the toolbox.

Usage: python3 -m services.client.programs --list
       python3 -m services.client.programs NAME [ARG ...]
"""

import ast
import difflib
import os
import runpy
import shutil
import sys
from pathlib import Path


def list_programs() -> dict[str, str]:
    """Return each program's name and the first line of its docstring."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        text = ast.get_docstring(ast.parse(path.read_text())) or ""
        found[path.stem] = text.partition("\n")[0]
    return found


def main(words: list[str]) -> int:
    """Run what the words name; exit code 2 when there is no such thing."""
    programs = list_programs()
    if not words or words[0] == "--list":
        for name, summary in programs.items():
            print(f"{name:<16}{summary}")
        return 0
    name = words[0].replace("-", "_")
    if name in programs:
        sys.argv = words
        runpy.run_module(f"services.client.programs.{name}", run_name="__main__", alter_sys=False)
        return 0
    if shutil.which(words[0]):
        os.execvp(words[0], words)
    close = difflib.get_close_matches(name, programs, 1)
    guess = f"; did you mean '{close[0]}'?" if close else ""
    print(f"error: there is no program '{words[0]}'{guess} (try: --list)", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
