"""Strips the line feed only: telnet's carriage return comes back, and its blank line is none."""

from services.by_hand_select import server
from services.upper_tcp.protocol import MAX_LINE_OCTETS, TOO_LONG
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Knows one kind of line end."""

    def receive(self) -> None:
        """Take what has arrived, and answer what stands before each line feed."""
        data = self.sock.recv(MAX_LINE_OCTETS + 1 - len(self.received))
        *lines, self.received = (self.received + data).split(b"\n")
        if not data:
            lines.append(self.received)
        for line in lines:
            self.answer(line)
            if self.ending:
                return
        if len(self.received) > MAX_LINE_OCTETS:
            self.owed += TOO_LONG
            self.ending = "line too long"


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
