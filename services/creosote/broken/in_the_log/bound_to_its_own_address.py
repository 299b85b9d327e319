"""Binds to the addresses of its own name, so that no broadcast reaches it."""

import selectors
import socket

from services.creosote.server import MAX_DATAGRAM_OCTETS, PORT, shown
from services.journal import log

selector = selectors.DefaultSelector()
found = socket.getaddrinfo(socket.gethostname(), PORT, type=socket.SOCK_DGRAM)
for family, kind, protocol, _, address in found:
    sock = socket.socket(family, kind, protocol)
    sock.bind(address)
    selector.register(sock, selectors.EVENT_READ, sock)
while True:
    for key, _events in selector.select():
        data, peer = key.data.recvfrom(MAX_DATAGRAM_OCTETS)
        log(peer, shown(data))
