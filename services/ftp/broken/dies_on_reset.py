"""Does not expect a peer to reset: an error on a data connection ends the whole server."""

import os
import socket

from services.ftp import server


class DataConnection(server.DataConnection):
    """Takes a connection for something that lasts."""

    def recv(self, buffer_size: int) -> bytes:
        """Receive, if all is well."""
        self.check()
        return bytes(super().recv(buffer_size))

    def close(self) -> None:
        """Close, if all is well."""
        if not self._closed:
            self.check()
        super().close()

    def check(self) -> None:
        """Give up when the connection was reset."""
        if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            os._exit(1)


server.Conversation.dtp_handler = DataConnection

if __name__ == "__main__":
    server.main()
