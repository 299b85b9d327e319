"""Reads until the blank line, however far that is: one client can fill the server's memory."""

import socket

from services.one_page import server


def read_head(sock: socket.socket) -> bytes:
    """Return all lines up to a blank one."""
    head = b""
    with sock.makefile("rb") as reader:
        for line in reader:
            head += line
            if line in (b"\n", b"\r\n"):
                break
    return head


server.read_head = read_head
server.HEAD_OCTETS = 1 << 40

if __name__ == "__main__":
    server.main()
