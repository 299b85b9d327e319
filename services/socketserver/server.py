r"""Upper case over TCP and UDP on the standard library's framework, one client at a time.

Spec:    the line protocol of services/upper_tcp/protocol.py; for UDP that of services/upper_udp
Model:   iterative: `serve_forever` accepts, makes a handler, lets it finish, and only then goes on
Try:     printf 'hello\nworld\n\n' | nc -N socketserver 9999
Observe: hold one TCP client open: a second one waits, but a datagram is still answered
Limits:  as upper-tcp: a client that keeps talking holds up all others of its protocol

`socketserver` takes the listening, accepting and closing off your hands and asks for one class: a
handler, made anew for each request. What a request is differs: for TCP a connection, which the
handler may talk on as long as it likes; for UDP one datagram, given as the pair (data, socket).
The two servers are strangers who share a port number, so each runs in a thread of its own.
"""

import socket
import socketserver
import sys
import threading
from typing import Any

from services.journal import log
from services.scarcity import accept
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, converse
from services.upper_tcp.server import BACKLOG, hang_up
from services.upper_udp.server import MAX_DATAGRAM_OCTETS

ADDRESS = ("", 9999)
NEVER_S = 3600.0  # the framework wakes up to ask whether to shut down; SIGTERM ends us without asking


class LineHandler(socketserver.StreamRequestHandler):
    """One TCP client: `rfile` and `wfile` are its two directions as files."""

    timeout = IDLE_TIMEOUT_S

    def handle(self) -> None:
        """Answer lines until a blank one; returning ends the conversation."""
        log(self.client_address, converse(self.rfile, self.wfile.write))
        hang_up(self.connection)


class DatagramHandler(socketserver.BaseRequestHandler):
    """One datagram."""

    def handle(self) -> None:
        """Send the datagram back in upper case, through the server's own socket."""
        data, sock = self.request
        sock.sendto(data.upper(), self.client_address)
        log(self.client_address, f"answered {len(data)} octets")


class DualStack(socketserver.TCPServer):
    """What both servers say differently from the framework: both families, no end, one line for an error.

    The framework's UDPServer is a TCPServer too, as far as its code is concerned.
    """

    address_family = socket.AF_INET6

    def server_bind(self) -> None:
        """Take IPv4 as well, as mapped addresses (RFC 4291 section 2.5.5.2)."""
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def serve_forever(self, poll_interval: float = NEVER_S) -> None:
        """Serve without an end, so without waking twice a second to see whether it has come."""
        super().serve_forever(poll_interval)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what ended a handler; the framework would print a traceback, and go on as well."""
        log(client_address, f"given up: {sys.exception()}")


class TCPServer(DualStack):
    """Connections, one after the other."""

    allow_reuse_address = True  # start again at once, whatever is left in TIME_WAIT
    request_queue_size = BACKLOG  # the framework's default lets five wait

    def server_bind(self) -> None:
        """Keep urgent octets in their place, on each connection accepted (RFC 6093 section 3.1)."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        super().server_bind()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept; the framework would take every error for a client that left, and ask again at once."""
        return accept(self.socket)


class UDPServer(DualStack, socketserver.UDPServer):
    """Datagrams, one after the other."""

    max_packet_size = MAX_DATAGRAM_OCTETS  # the framework's default cuts datagrams at 8192


def serve(tcp: TCPServer, udp: UDPServer) -> None:
    """Run both servers side by side, for ever."""
    threading.Thread(target=udp.serve_forever, daemon=True).start()
    tcp.serve_forever()


if __name__ == "__main__":
    serve(TCPServer(ADDRESS, LineHandler), UDPServer(ADDRESS, DatagramHandler))
