"""Writes a file's mode as Python does, 0o644, and clients read 0: a mirror makes folders nobody may enter."""

from pyftpdlib.filesystems import AbstractedFS

from services.ftp import server

server.Files.format_mlsx = AbstractedFS.format_mlsx  # type: ignore[method-assign]

if __name__ == "__main__":
    server.main()
