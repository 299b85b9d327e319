"""Prints the first datagram that says anything, and is done: the loop around recvfrom was forgotten."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
print(sock.recv(MAX_DATAGRAM_OCTETS) or sock.recv(MAX_DATAGRAM_OCTETS), flush=True)
sock.close()  # at once, as the end of the interpreter takes its time
