"""Answers only when there is something to answer, as it would with a stream."""

import socketserver

from services.socketserver import server


class DatagramHandler(socketserver.BaseRequestHandler):
    """Believes that no data means no request."""

    def handle(self) -> None:
        """Answer a datagram that has data."""
        data, sock = self.request
        if data:
            sock.sendto(data.upper(), self.client_address)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, server.LineHandler),
        server.UDPServer(server.ADDRESS, DatagramHandler),
    )
