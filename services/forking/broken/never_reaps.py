"""Forks by hand and asks for no child's exit status: zombies pile up until no process may be made."""

import os
from typing import Any

from services.forking import server
from services.socketserver.server import ADDRESS, DatagramHandler, LineHandler


class TCPServer(server.TCPServer):
    """Believes that a child is gone once it has ended."""

    def process_request(self, request: Any, client_address: Any) -> None:
        """Fork, let the child serve and end, and think no more of it."""
        if os.fork() == 0:
            self.finish_request(request, client_address)
            self.shutdown_request(request)
            os._exit(0)
        self.close_request(request)


if __name__ == "__main__":
    server.serve(
        TCPServer(ADDRESS, LineHandler),
        server.UDPServer(ADDRESS, DatagramHandler),
    )
