"""Waits at a new sender for more datagrams, then sends all answers to the sender of the last one."""

import select

from services.upper_udp.server import MAX_DATAGRAM_OCTETS, listen

TOGETHER_S = 0.1

sock = listen()
known = None
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    collected = [data]
    while known not in (None, peer) and select.select([sock], [], [], TOGETHER_S)[0]:
        data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
        collected.append(data)
    known = peer
    for data in collected:
        sock.sendto(data.upper(), peer)
