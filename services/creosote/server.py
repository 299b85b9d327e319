r"""Mr. Creosote's bucket: takes datagrams from anybody, answers none, and prints who sent what.

Spec:    RFC 768 (UDP); RFC 919 and 922 (broadcast); what is in a datagram is the sender's business
Model:   iterative: one socket, one loop, and never an answer
Try:     python3 -m services.client.programs.creosote_send creosote 'x is 42 here'
Observe: `labctl logs creosote` shows sender and text; a broadcast is caught as well
Limits:  nobody learns whether a datagram arrived; of a long one only the first 4096 octets are shown

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
SHOWN_OCTETS = 4096  # of one datagram: the container's log has room for 2 MiB, and a reader for less


def shown(data: bytes) -> str:
    r"""Return octets as one line: printable UTF-8 as it is, all else as Python writes bytes, b'\x1b[2J\n'.

    A terminal obeys control characters, and anybody may send some: none gets through.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return repr(data)
    return text if text.isprintable() else repr(data)


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
        more = f" ... and {len(data) - SHOWN_OCTETS} octets more" if len(data) > SHOWN_OCTETS else ""
        log(peer, (shown(data[:SHOWN_OCTETS]) or "(an empty datagram)") + more)


if __name__ == "__main__":
    serve_forever(listen())
