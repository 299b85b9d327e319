"""500 clients? One thread, and `select` says who has sent something. But `sendall` still waits.

Not yet: slow_reader_delays_nobody_else
"""

import selectors
import socket

from services.echo.steps.every_address import listen


def echo_once(sock: socket.socket) -> bool:
    """Echo what is there; return whether the client may send more."""
    try:
        data = sock.recv(1024)
        sock.sendall(data)  # a client that does not read stops us here
    except OSError:
        return False
    return bool(data)


if __name__ == "__main__":
    listener = listen()
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            sock = key.fileobj
            assert isinstance(sock, socket.socket)
            if sock is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
            elif not echo_once(sock):
                selector.unregister(sock)
                sock.close()
