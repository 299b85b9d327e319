"""Prints what was sent and forgets who sent it."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen, shown

sock = listen()
while True:
    print(shown(sock.recv(MAX_DATAGRAM_OCTETS)), flush=True)
