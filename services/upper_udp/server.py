r"""Upper case over UDP: one datagram in, the same in upper case back to its sender.

Spec:    RFC 768 (UDP); what is in a datagram is up to us: ASCII letters go up, all else stays
Model:   iterative: one socket, no connections, so nobody can hold anybody up
Try:     python3 -m services.client.programs.udp_client --host upper-udp --port 10000 hello
Observe: an empty datagram is a datagram too, and gets an empty answer; there is no end of file
Limits:  nothing is ever sent again: a lost datagram is lost, and the client has to notice

The server answers whoever the source address names, and UDP lets a sender forge that. Two such
servers set upon each other by one forged datagram would never stop; which is why echo over UDP
is switched off everywhere but in a lab.
"""

import socket

from services.journal import log

PORT = 10000
MAX_DATAGRAM_OCTETS = 65535  # the length field has 16 bits; 65507 are left for data over IPv4


def listen(port: int = PORT) -> socket.socket:
    """Return a UDP socket bound to the port for IPv6 and, as mapped addresses, for IPv4."""
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.bind(("", port))
    return sock


def serve_forever(sock: socket.socket) -> None:
    """Answer one datagram after another, each to its own sender."""
    while True:
        data, peer = sock.recvfrom(MAX_DATAGRAM_OCTETS)
        try:
            sock.sendto(data.upper(), peer)
        except OSError as error:  # a sender that cannot be answered, such as one at port 0
            log(peer, f"no answer to {len(data)} octets: {error.strerror}")
        else:
            log(peer, f"answered {len(data)} octets")


if __name__ == "__main__":
    serve_forever(listen())
