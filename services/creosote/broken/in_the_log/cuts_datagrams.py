"""Reads 1024 octets of each datagram; the kernel throws the rest away without a word."""

from services.creosote.server import listen, shown
from services.journal import log

BUFSIZE = 1024

sock = listen()
while True:
    data, peer = sock.recvfrom(BUFSIZE)
    log(peer, shown(data))
