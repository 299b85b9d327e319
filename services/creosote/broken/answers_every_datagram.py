"""Says thank you for every datagram, which the sender never asked for."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    sock.sendto(b"thank you", peer)
    print(peer[0], data, flush=True)
