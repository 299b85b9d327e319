"""Leaves IPv4 out: its socket takes IPv6 alone, as the system's setting may have it."""

import socket

from services.creosote.server import PORT, serve_forever

sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
sock.bind(("", PORT))
serve_forever(sock)
