"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

import socketserver

from services.socketserver import server


class LineHandler(socketserver.BaseRequestHandler):
    """Reads from the connection itself, without the framework's files."""

    def handle(self) -> None:
        """Answer piece after piece."""
        while piece := self.request.recv(1024).strip(b"\r\n"):
            self.request.sendall(piece.upper() + b"\n")


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, LineHandler),
        server.UDPServer(server.ADDRESS, server.DatagramHandler),
    )
