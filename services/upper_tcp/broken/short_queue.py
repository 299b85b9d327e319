"""Lets five clients wait, as old examples do: the next one's connect hangs."""

from services.upper_tcp.server import listen, serve_forever

serve_forever(listen(backlog=5))
