"""Does not expect a client to reset: the error ends the whole server."""

import os
import socket

from services.by_hand_threads.server import ThreadedServer
from services.one_page import server


def serve(sock: socket.socket, peer: tuple[str, int]) -> None:
    """Answer, and take every error for a reason to end."""
    with sock:
        try:
            server.answer(sock)
        except OSError:
            os._exit(1)


if __name__ == "__main__":
    listener = socket.create_server(("", server.PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    ThreadedServer(listener, serve).serve_forever()
