"""Answers only when there is something to answer, as it would with a stream."""

from services.upper_udp.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    if data:
        sock.sendto(data.upper(), peer)
