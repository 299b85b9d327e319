"""Collects a line however long it gets: one client can fill the server's memory."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class Conversation(server.Conversation):
    """Trusts everybody to end a line some day."""

    def receive(self) -> None:
        """Take what has arrived; answer once there is a line feed."""
        data = self.sock.recv(65536)
        *lines, self.received = (self.received + data).split(b"\n")
        if not data:
            lines.append(self.received)
        for line in lines:
            self.answer(line.removesuffix(b"\r"))
            if self.ending:
                return


class SelectServer(server.SelectServer):
    """The select server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
