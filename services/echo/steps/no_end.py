"""Was all of it sent? `sendall` goes on until it is. What if a client resets? An error ends that one alone.

Not yet: clients_at_once_get_their_own_octets, slow_reader_delays_nobody_else,
    urgent_octet_stays_in_its_place, answers_over_ipv4_and_ipv6
"""

import socket


def serve(sock: socket.socket) -> None:
    """Echo until the client ends its side, or resets the connection."""
    with sock:
        try:
            while data := sock.recv(1024):
                sock.sendall(data)
        except OSError as error:
            print("a client is gone:", error.strerror)


if __name__ == "__main__":
    listener = socket.create_server(("", 7))
    while True:
        serve(listener.accept()[0])
