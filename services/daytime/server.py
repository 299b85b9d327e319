r"""Daytime: whoever connects is told the time, and that is all.

Spec:    RFC 867 (Daytime Protocol); its well-known port is 13, the course's is 9005
Model:   threading, on the standard library's socketserver
Try:     nc -d daytime 9005
Observe: connect twice a second apart; send something first, and see that it makes no difference
Limits:  TCP alone, though the RFC has a datagram for it too

The RFC asks for one line of printable ASCII and prescribes no form; this one is its own example's,
in UTC. A program that wants to compute with the time should ask for another protocol: this line is
for people.

The servers of `socketserver` and `threading` do the work: what is left to say is one handler.
"""

import socketserver
import time

from services.journal import log
from services.socketserver.server import TCPServer
from services.threading.server import ThreadForEach
from services.upper_tcp.server import hang_up

ADDRESS = ("", 9005)
FORMAT = "%A, %B %d, %Y %H:%M:%S-UTC"
WRITE_TIMEOUT_S = 5.0  # a line this short is never waited for; should it be, not for long


def time_line(seconds: float) -> bytes:
    """Return a time, in seconds since 1970 (UTC), as a line for people."""
    return time.strftime(FORMAT, time.gmtime(seconds)).encode("ascii") + b"\r\n"


class DaytimeHandler(socketserver.StreamRequestHandler):
    """One client: it is told the time once."""

    timeout = WRITE_TIMEOUT_S

    def handle(self) -> None:
        """Tell the time; what the client may have sent is thrown away, as the RFC says."""
        self.wfile.write(time_line(time.time()))
        log(self.client_address, "told the time")
        hang_up(self.connection)


class DaytimeServer(ThreadForEach, TCPServer):
    """Connections, a thread each: so the last words of one client keep no other waiting."""


if __name__ == "__main__":
    DaytimeServer(ADDRESS, DaytimeHandler).serve_forever()
