"""Does not expect a peer to reset: the error ends the whole server."""

import socket
import threading

from services.echo.server import PORT


def serve(sock: socket.socket) -> None:
    """Echo until EOF; an error ends the process, as it would without a thread."""
    try:
        while data := sock.recv(65536):
            sock.sendall(data)
        sock.close()
    except OSError:
        listener.close()


listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,)).start()
