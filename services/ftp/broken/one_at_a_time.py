"""Serves one client to its end before it looks at the next."""

from typing import Any

from pyftpdlib.servers import FTPServer

from services.ftp import server


class OneAtATimeServer(FTPServer):  # type: ignore[misc]
    """Does not accept while somebody is there."""

    def handle_accepted(self, sock: Any, addr: Any) -> None:
        """Serve one client; until it has left, whoever knocks must wait."""
        self.ioloop.modify(self._fileno, 0)
        super().handle_accepted(sock, addr)


class Conversation(server.Conversation):
    """Opens the door again when it leaves."""

    def close(self) -> None:
        """Let the next one in."""
        if not self._closed:
            self.ioloop.modify(self.server._fileno, self.ioloop.READ)
        super().close()


vars(server)["FTPServer"] = OneAtATimeServer
server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
