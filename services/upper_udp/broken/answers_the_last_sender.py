"""Collects datagrams that come close together, then sends all answers to whoever came last."""

import select

from services.upper_udp.server import MAX_DATAGRAM_OCTETS, listen

TOGETHER_S = 0.002

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    collected = [data]
    while select.select([sock], [], [], TOGETHER_S)[0]:
        data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
        collected.append(data)
    for data in collected:
        sock.sendto(data.upper(), peer)
