"""Listens on IPv4 only."""

import socket
from typing import Any

from services.ftp import server


def create_server(address: tuple[str, int], **options: Any) -> socket.socket:
    """Return a listener of the old family."""
    return socket.create_server(address, backlog=options["backlog"])


class Sockets:
    """The module `socket`, but for one function."""

    create_server = staticmethod(create_server)

    def __getattr__(self, name: str) -> Any:
        """Offer the rest as it is."""
        return getattr(socket, name)


vars(server)["socket"] = Sockets()
server.Conversation.over_ipv4 = True  # type: ignore[assignment, method-assign]

if __name__ == "__main__":
    server.main()
