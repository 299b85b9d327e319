"""Calls `sendall` inside the loop without asking select: while one client does not read, nobody is served."""

from services.by_hand_select import server
from services.upper_tcp.protocol import IDLE_TIMEOUT_S
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Waits in a place where nothing may wait."""

    def receive(self) -> None:
        """Take what has arrived; send the answers at once, however long it takes."""
        super().receive()
        self.sock.settimeout(IDLE_TIMEOUT_S)
        self.sock.sendall(self.owed)
        self.sock.setblocking(False)
        self.owed.clear()


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
