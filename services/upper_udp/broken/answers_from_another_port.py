"""Opens a new socket for each answer: it comes from a port the client never wrote to."""

import socket

from services.upper_udp.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as answering:
        answering.sendto(data.upper(), peer)
