"""Decodes a datagram, changes the text, and encodes it again."""

from services.upper_udp.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    sock.sendto(data.decode(errors="replace").upper().encode(), peer)
