"""Waits for the line feed of every line: what was unfinished at the end of file is dropped."""

import socket

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Answers whole lines only."""

    def receive(self) -> None:
        """Take what has arrived; at the end of file drop what was kept."""
        if not self.sock.recv(1, socket.MSG_PEEK):
            self.received = b""
        super().receive()


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
