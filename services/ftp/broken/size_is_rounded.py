"""Loses the last octets of a file that is stored: what did not fill a block is never written."""

from services.ftp import server

BLOCK_OCTETS = 4096


class StoredFile(server.StoredFile):
    """Writes whole blocks."""

    waiting = b""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write as many blocks as there are; the rest waits for more."""
        self.waiting += bytes(data)
        whole = len(self.waiting) // BLOCK_OCTETS * BLOCK_OCTETS
        super().write(self.waiting[:whole])
        self.waiting = self.waiting[whole:]
        return len(data)


server.StoredFile = StoredFile  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
