"""Decodes whatever comes, and dies of the first octet that is no text."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen

with listen() as sock:  # closed at once, as the end of the interpreter takes its time
    while True:
        data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
        print(peer[0], data.decode(), flush=True)
