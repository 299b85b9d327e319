"""Receives into 1024 octets, as every first example does: the rest of a datagram is gone."""

from services.upper_udp.server import listen

sock = listen()
while True:
    data, peer = sock.recvfrom(1024)
    sock.sendto(data.upper(), peer)
