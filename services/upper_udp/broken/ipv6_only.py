"""Listens on IPv6 only: an IPv6 socket takes IPv4 as well, unless somebody asked it not to."""

import socket

from services.upper_udp.server import PORT, serve_forever

sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
sock.bind(("", PORT))
serve_forever(sock)
