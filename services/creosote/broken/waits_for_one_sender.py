"""Connects its socket to the first sender, as one accepts a client: all others are refused."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen, serve_forever

sock = listen()
_, first = sock.recvfrom(MAX_DATAGRAM_OCTETS)
sock.connect(first)
serve_forever(sock)
