"""Calls readline when select says there is something to read: something need not be a line."""

from services.by_hand_select import server
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, MAX_LINE_OCTETS
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Waits in the one place where nothing may wait."""

    def receive(self) -> None:
        """Read a line, however long it takes to come."""
        self.sock.settimeout(IDLE_TIMEOUT_S)
        line = self.sock.makefile("rb", buffering=0).readline(MAX_LINE_OCTETS + 1)
        self.sock.setblocking(False)
        self.answer(line.strip(b"\r\n"))


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
