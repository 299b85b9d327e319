"""Takes `/` for the root of the disk: the files of the whole system can be fetched."""

from pyftpdlib.filesystems import UnixFilesystem

from services.ftp import server


class Files(UnixFilesystem, server.Files):  # type: ignore[misc]
    """All files there are."""


server.Conversation.abstracted_fs = Files

if __name__ == "__main__":
    server.main()
