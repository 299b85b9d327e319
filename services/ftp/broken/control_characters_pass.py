"""Takes any octet in a command; a NUL makes the system's calls fail in a way that nobody expects."""

from pyftpdlib.handlers import FTPHandler

from services.ftp import server

server.Conversation.pre_process_command = FTPHandler.pre_process_command  # type: ignore[method-assign]

if __name__ == "__main__":
    server.main()
