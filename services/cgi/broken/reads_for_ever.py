"""Reads until a script has ended, however much that is and however long it takes."""

import subprocess

from services.cgi import server


def collect_output(child: subprocess.Popen[bytes]) -> bytes:
    """Wait for the end of the output: there may be none."""
    assert child.stdout is not None
    output = b""
    while piece := child.stdout.read(65536):
        output = (output + piece)[: server.OUTPUT_OCTETS]
    child.wait()
    return output


server.collect_output = collect_output

if __name__ == "__main__":
    server.main()
