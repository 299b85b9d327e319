"""Believes that a write takes all it is given: of a large file pieces are missing."""

from services.ftp import server

AT_ONCE_OCTETS = 16 * 1024


class StoredFile(server.StoredFile):
    """A disk that takes a little at a time, and a program that does not look."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write what fits."""
        return super().write(data[:AT_ONCE_OCTETS])


server.StoredFile = StoredFile  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
