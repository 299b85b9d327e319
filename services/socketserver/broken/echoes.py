"""Sends back what it got: the one word that makes it an upper-case server was forgotten, twice."""

import socketserver

from services.socketserver import server


class LineHandler(socketserver.StreamRequestHandler):
    """Echoes lines until a blank one."""

    def handle(self) -> None:
        """Send each line back as it came."""
        while line := self.rfile.readline(65536).strip(b"\r\n"):
            self.wfile.write(line + b"\n")


class DatagramHandler(socketserver.BaseRequestHandler):
    """Echoes a datagram."""

    def handle(self) -> None:
        """Send the datagram back as it came."""
        data, sock = self.request
        sock.sendto(data, self.client_address)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, LineHandler),
        server.UDPServer(server.ADDRESS, DatagramHandler),
    )
