"""The first one: wait for a client, send back what it sends, until it has said everything.

Not yet: clients_at_once_get_their_own_octets, slow_reader_delays_nobody_else, survives_a_reset,
    urgent_octet_stays_in_its_place, answers_over_ipv4_and_ipv6
"""

import socket

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 7))
listener.listen()
while True:
    sock, address = listener.accept()
    while data := sock.recv(1024):
        sock.send(data)
    sock.close()
