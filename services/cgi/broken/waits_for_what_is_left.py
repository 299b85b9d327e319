"""Waits for the end of the output, which a process that the script has left behind holds open."""

import subprocess

from services.cgi import processes, server


def collect_output(child: subprocess.Popen[bytes], limit_s: float, limit_octets: int) -> bytes:
    """Read until nobody can write any more."""
    assert child.stdout is not None
    return child.stdout.read(limit_octets)


processes.collect_output = collect_output

if __name__ == "__main__":
    server.main()
