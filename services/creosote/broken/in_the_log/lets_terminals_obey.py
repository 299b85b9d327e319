"""Prints text as it came: control characters reach the terminal, and a line feed makes a line of its own."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen
from services.journal import peer_name

sock = listen()
while True:
    data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
    print(f"00:00:00 {peer_name(peer)} {data.decode(errors='replace')}", flush=True)
