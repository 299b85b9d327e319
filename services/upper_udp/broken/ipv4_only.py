"""Listens on IPv4 only, as a socket does whose family nobody thought about."""

import socket

from services.upper_udp.server import PORT, serve_forever

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", PORT))
serve_forever(sock)
