"""Believes that no datagram is longer than 1024 octets, and ends itself over one that is."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen

LONGEST_OCTETS = 1024

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    if len(data) > LONGEST_OCTETS:
        sock.close()  # at once, as the end of the interpreter takes its time
        raise SystemExit(f"{peer[0]} sent {len(data)} octets")
    print(peer[0], data, flush=True)
