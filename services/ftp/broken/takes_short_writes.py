"""Believes that a write takes all it is given: of a large file pieces are missing."""

from services.ftp import files, server


class StoredFile(files.StoredFile):
    """A disk that takes a little at a time, and a program that does not look."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write what fits."""
        return super().write(data[: 16 * 1024])


class Files(files.Files):
    """The files that are written so."""

    file_type = StoredFile


if __name__ == "__main__":
    server.main(files_type=Files)
