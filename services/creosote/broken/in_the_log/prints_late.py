"""Gathers a hundred lines before it prints any of them."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen, shown
from services.journal import log

LINES = 100

sock = listen()
while True:
    for data, peer in [sock.recvfrom(MAX_DATAGRAM_OCTETS) for _ in range(LINES)]:
        log(peer, shown(data))
