"""Waits for a line feed before it sends anything back."""

import socket

from services.echo import server


class Conversation(server.Conversation):
    """Keeps what arrived to itself until a line is whole."""

    def __init__(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        super().__init__(sock, peer)
        self.line = bytearray()

    def receive(self) -> None:
        """Take what has arrived; owe it only once its line has ended, or at EOF."""
        data = self.sock.recv(server.BUFFER_OCTETS - len(self.owed))
        self.peer_done = not data
        self.line += data
        end = len(self.line) if self.peer_done else self.line.rfind(b"\n") + 1
        self.owed += self.line[:end]
        del self.line[:end]


class EchoServer(server.EchoServer):
    """The echo server with that conversation."""

    conversation_type = Conversation


if __name__ == "__main__":
    EchoServer(server.listen()).serve_forever()
