"""Takes no client off its list when it has left: the next select is asked about a closed socket."""

from services.by_hand_select import server
from services.upper_tcp.server import listen


class SelectServer(server.SelectServer):
    """Closes, and leaves it at that."""

    def close(self, client: server.Conversation, ending: str) -> None:
        """Close the socket; on its descriptor, -1, select raises ValueError."""
        client.sock.close()


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
