"""Takes the wrong end's address: `getsockname` is the server's own, `getpeername` the client's."""

import socket

from services.hello.server import PORT

listener = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    sock, _ = listener.accept()
    with sock:
        sock.sendall(f"Hello, {sock.getsockname()[0].removeprefix('::ffff:')}!\n".encode())
