"""Does not expect a client to reset: with one thread for all, the error ends them all."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class SelectServer(server.SelectServer):
    """Catches nothing."""

    def serve(self, client: server.Conversation) -> None:
        """Let one client go on, or everybody go down with it."""
        if not client.go_on():
            self.close(client, client.ending)


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
