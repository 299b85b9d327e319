"""Listens on IPv4 only."""

import socket

from services.creosote.server import PORT, serve_forever

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", PORT))
serve_forever(sock)
