"""Reads a script's output for as long as there is some, and sends the beginning."""

import subprocess

from services.cgi import processes, server


def collect_output(child: subprocess.Popen[bytes], limit_s: float, limit_octets: int) -> bytes:
    """Read on and on; keep what may be kept."""
    assert child.stdout is not None
    output = b""
    while piece := child.stdout.read(65536):
        output = (output + piece)[:limit_octets]
    return output


processes.collect_output = collect_output

if __name__ == "__main__":
    server.main()
