"""Drops a client that has shut its writing side, with all that it is still owed."""

import select
import socket

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Takes end of file for the end of everything."""

    def receive(self) -> None:
        """Take what has arrived; look first whether anything comes after it."""
        super().receive()
        if select.select([self.sock], [], [], 0)[0] and not self.sock.recv(1, socket.MSG_PEEK):
            self.ending = "end of file"
            self.owed.clear()


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
