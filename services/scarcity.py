"""What a server does when the system has run out of something: it waits, says so once, and goes on.

`accept` fails for two kinds of reason. The client has left again: then the next one is asked for at
once. Or there is no descriptor, or no memory, for one more connection (accept(2)): then the client is
still in the queue, and to ask again at once would fail again, 200,000 times a second, a whole core.
The error's number says which of the two it is.

A server that may wait uses `accept`; one that must not, as other clients are served by the same
thread, looks at `is_scarcity` and leaves its listener alone for `PAUSE_S`.
"""

import errno
import socket
import time
from typing import Any

PAUSE_S = 0.1  # short enough that nobody notices, long enough that it costs nothing

_SCARCITY = {
    errno.EMFILE,  # this process has as many descriptors as it may have
    errno.ENFILE,  # so has the whole machine
    errno.ENOBUFS,
    errno.ENOMEM,
}


def is_scarcity(error: OSError) -> bool:
    """Return whether an error says that something has run out, and not that the client has left."""
    return error.errno in _SCARCITY


def report(error: OSError) -> None:
    """Say in the log that no client is accepted for a while, and why."""
    now = time.strftime("%H:%M:%S", time.gmtime())
    print(f"{now} accept: {error.strerror}: waiting until there is room\n", end="", flush=True)


def accept(listener: socket.socket) -> tuple[socket.socket, Any]:
    """Return the next client and its address; while there is no room for one, wait.

    Raises:
        OSError: anything but scarcity, most often that the client has left; or the listener's timeout.
    """
    is_reported = False
    while True:
        try:
            return listener.accept()
        except OSError as error:
            if not is_scarcity(error):
                raise
            if not is_reported:
                report(error)
                is_reported = True
        time.sleep(PAUSE_S)
