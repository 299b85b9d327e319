"""Leaves the framework's defaults: five clients may wait, and a datagram ends at 8192 octets."""

import socketserver

from services.socketserver import server


class TCPServer(server.TCPServer):
    """The short queue."""

    request_queue_size = socketserver.TCPServer.request_queue_size


class UDPServer(server.UDPServer):
    """The short datagrams."""

    max_packet_size = socketserver.UDPServer.max_packet_size


if __name__ == "__main__":
    server.serve(
        TCPServer(server.ADDRESS, server.LineHandler),
        UDPServer(server.ADDRESS, server.DatagramHandler),
    )
