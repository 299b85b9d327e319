"""FTP server: files over two kinds of connection, one to say what, and one for each thing that is moved.

Spec:    RFC 959 (FTP), RFC 1123 section 4.1, RFC 2428 (EPSV, EPRT), RFC 3659 (MLSD, SIZE, REST), RFC 2577
Model:   asyncio: one process, one loop, a task for each client, and one more while something moves
Try:     lftp -u student,lab ftp -e 'ls; exit'
Observe: lftp's `debug` shows each command; before each listing and each file stands a PASV or EPSV
Limits:  no TLS, no SITE commands; active mode reaches clients in the lab only, passive mode any

What is said stands in session.py, file_commands.py and data_commands.py: a line in, what it leads to out. How
the two connections meet is in meeting.py, how one client is served in conversation.py, the files in files.py.
"""

import asyncio
import shutil
import socket
from pathlib import Path

from services.accepting import serve_clients
from services.ftp.conversation import Conversation
from services.ftp.files import Files
from services.ftp.places import Places
from services.ftp.session import LINE_OCTETS, Session
from services.journal import log

PORT = 21
CONNECTIONS = 200  # control and data together; 60 KiB each when busy
BACKLOG = 1024  # a class may knock at once
ROOT = Path("/tmp/ftp")  # a tmpfs: it bounds size and number of files, and a reset empties it
FIRST_FILES = Path(__file__).parent / "files"


class Server:
    """Whoever comes gets a conversation, while there are places."""

    def __init__(
        self,
        files: Files,
        session_type: type[Session] = Session,
        conversation_type: type[Conversation] = Conversation,
    ) -> None:
        self.files, self.session_type, self.conversation_type = files, session_type, conversation_type
        self.places = Places(CONNECTIONS)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        if not self.places.take():
            writer.write(b"421 Too many connections, try again later.\r\n")
            writer.close()
            log(writer.get_extra_info("peername"), "turned away: too many connections")
            return
        try:
            await self.conversation_type(reader, writer, self.files, self.session_type, self.places).hold()
        finally:
            self.places.give_back()


def listen(family: socket.AddressFamily) -> socket.socket:
    """Return the listening socket; accepted connections inherit its options (tcp(7))."""
    sock = socket.create_server(
        ("", PORT), family=family, dualstack_ipv6=family == socket.AF_INET6, backlog=BACKLOG
    )
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def main(
    *,
    files_type: type[Files] = Files,
    root: Path = ROOT,
    session_type: type[Session] = Session,
    conversation_type: type[Conversation] = Conversation,
    server_type: type[Server] = Server,
    family: socket.AddressFamily = socket.AF_INET6,
) -> None:
    """Put the first files in their place and serve until SIGTERM, which ends a Python program.

    Any part may be another one: that is how broken/ is made.
    """
    shutil.copytree(FIRST_FILES, ROOT, dirs_exist_ok=True)
    server = server_type(files_type(root), session_type, conversation_type)
    asyncio.run(serve_clients(listen(family), server.converse, LINE_OCTETS))


if __name__ == "__main__":
    main()
