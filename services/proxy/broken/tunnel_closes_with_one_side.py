"""Takes the end of one direction for that of the tunnel: what is on its way back is lost."""

import socket

from services.proxy import server, tunnel


class Direction(tunnel.Direction):
    """Closes everything."""

    def pass_eof_on(self) -> None:
        """Once all that came has gone on, close both ways."""
        if self.source_done and not self.held:
            self.sink.shutdown(socket.SHUT_RDWR)
            raise OSError("closed")


tunnel.Direction = Direction  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
