"""Loses the last octets of a file that is stored: what did not fill a block is never written."""

from services.ftp import files, server


class StoredFile(files.StoredFile):
    """Writes whole blocks of 4096 octets."""

    waiting = b""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write as many blocks as there are; the rest waits for more."""
        self.waiting += bytes(data)
        whole = len(self.waiting) // 4096 * 4096
        super().write(self.waiting[:whole])
        self.waiting = self.waiting[whole:]
        return len(data)


class Files(files.Files):
    """The files that are written so."""

    file_type = StoredFile


if __name__ == "__main__":
    server.main(files_type=Files)
