r"""Mr. Creosote's bucket: takes datagrams from anybody, answers none, and prints who sent what.

Spec:    RFC 768 (UDP); RFC 919 and 922 (broadcast); what is in a datagram is the sender's business
Model:   iterative: one socket, one loop, and never an answer
Try:     python3 -m services.client.programs.creosote_send creosote 'x is 42 here'
Observe: `labctl logs creosote` shows sender and text; a broadcast is caught as well
Limits:  nobody learns whether a datagram arrived; what comes faster than we print is lost

Remote debugging at its simplest: a program in trouble fires lines of text at a well-known port and
goes on, whether or not a bucket stands there. As UDP needs no connection, a missing or slow bucket
never stops the program that is being debugged.

Bound to no address in particular, the socket gets what is sent to this host, to everybody on the
wire (255.255.255.255), and to everybody of the subnet (10.89.0.63 in a 10.89.0.0/26). IPv6 knows no
broadcast; its group of all hosts on the wire, ff02::1, serves.
"""

import socket

from services.journal import log

PORT = 7739
MAX_DATAGRAM_OCTETS = 65535  # the length field has 16 bits: no datagram is cut


def shown(data: bytes) -> str:
    r"""Return octets as one printable line: UTF-8 text as it is, all else as \n, \x1b or \xff.

    A terminal obeys control characters, and anybody may send some: none gets through.
    """
    text = data.decode(errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def listen() -> socket.socket:
    """Return a UDP socket bound to the port for IPv6 and, as mapped addresses, for IPv4."""
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.bind(("", PORT))
    return sock


def serve_forever(sock: socket.socket) -> None:
    """Print one datagram after another, a line each."""
    while True:
        data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
        log(peer, shown(data) or "(an empty datagram)")


if __name__ == "__main__":
    serve_forever(listen())
