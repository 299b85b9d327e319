"""How much a web server takes from a client, for how long, and how much of it in all.

Whatever a client decides has a limit: it may be slow, endless, or one of many.
"""

import threading

REQUEST_S = 10.0  # for a request's head to arrive, and for each piece of an answer to be taken
SLOWEST_OCTETS_PER_S = 256 * 1024  # a body may take so much longer: 64 s for 16 MiB
LINGER_S = 1.0  # for a client to read our answer and close

HEAD_OCTETS = 32 * 1024  # request line and header fields together; browsers send 1-2 KiB, servers take 8-64
CHUNK_LINE_OCTETS = 4 * 1024  # a chunk's size and its extensions, which nobody uses
SMALL_BODY_OCTETS = 64 * 1024  # held in memory, so times CLIENTS_AT_ONCE; what is larger goes to a file
LARGE_BODY_OCTETS = 16 * 1024 * 1024  # where bodies are uploads: a photo has 3 to 12 MiB
BODIES_OCTETS = 48 * 1024 * 1024  # of all clients' bodies together; compose.yaml gives /tmp 8 MiB more

CLIENTS_AT_ONCE = 64  # a thread each, of the 128 processes and threads a container may have
BACKLOG = 128
SCARCE_S = 0.05  # to wait when something has run out, before we try again


class Room:
    """A number of octets that all clients share."""

    def __init__(self, size_octets: int) -> None:
        self.free_octets = size_octets
        self.lock = threading.Lock()

    def take(self, size_octets: int) -> bool:
        """Take so much, if there is so much left; return whether there was."""
        with self.lock:
            if size_octets > self.free_octets:
                return False
            self.free_octets -= size_octets
            return True

    def give_back(self, size_octets: int) -> None:
        """Return what was taken."""
        with self.lock:
            self.free_octets += size_octets
