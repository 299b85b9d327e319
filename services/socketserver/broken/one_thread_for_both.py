"""Serves both protocols in one thread: a datagram waits until the TCP client has ended."""

import selectors

from services.socketserver import server

both = (
    server.TCPServer(server.ADDRESS, server.LineHandler),
    server.UDPServer(server.ADDRESS, server.DatagramHandler),
)
selector = selectors.DefaultSelector()
for each in both:
    selector.register(each, selectors.EVENT_READ, each)
while True:
    for key, _ in selector.select():
        key.data.handle_request()
