"""Collects datagrams that come close together, then sends all answers to whoever came last."""

import select
import socketserver

from services.socketserver import server

TOGETHER_S = 0.002


class DatagramHandler(socketserver.BaseRequestHandler):
    """Helps itself to the datagrams that follow its own."""

    def handle(self) -> None:
        """Answer them all, to one address."""
        data, sock = self.request
        sender = self.client_address
        collected = [data]
        while select.select([sock], [], [], TOGETHER_S)[0]:
            data, sender = sock.recvfrom(65535)
            collected.append(data)
        for data in collected:
            sock.sendto(data.upper(), sender)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, server.LineHandler),
        server.UDPServer(server.ADDRESS, DatagramHandler),
    )
