"""Who can reach it? Clients over IPv6 as well as IPv4; and an urgent octet stays in its place.

Not yet: clients_at_once_get_their_own_octets, slow_reader_delays_nobody_else
"""

import socket

from services.echo.steps.no_end import serve


def listen() -> socket.socket:
    """Return a listener for both families; what it accepts inherits its options."""
    listener = socket.create_server(("", 7), family=socket.AF_INET6, dualstack_ipv6=True, backlog=500)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    return listener


if __name__ == "__main__":
    listener = listen()
    while True:
        serve(listener.accept()[0])
