"""How client and server meet for one transfer: who listens, who connects, and that nobody else comes.

Spec: RFC 959 section 3.2, RFC 2577 (a stranger could connect to a passive port before the client does)
"""

import asyncio
import random
import socket
from contextlib import suppress

from services.ftp.state import Address, Connect

PASSIVE_PORTS = range(30000, 30010)  # few, as each is published on the host too
PASSIVE_S = 30.0  # so long a port waits for its client
CONNECT_S = 10.0


class Meeting:
    """The data connection to come, at most one."""

    def __init__(self, ours: Address, theirs: Address, scope: int) -> None:
        self.ours, self.theirs, self.scope = ours, theirs, scope
        self.accepting: asyncio.Task[socket.socket | None] | None = None
        self.connect: Connect | None = None

    @property
    def agreed(self) -> bool:
        """Whether somebody has said how to meet."""
        return self.accepting is not None or self.connect is not None

    def call(self, connect: Connect) -> None:
        """Connect to the client when the time has come."""
        self.forget()
        self.connect = connect

    def listen(self) -> int:
        """Wait for the client; return the port, or 0 when all of them wait for somebody."""
        self.forget()
        for port in random.sample(PASSIVE_PORTS, len(PASSIVE_PORTS)):
            try:
                sock = self.new_socket()
            except OSError:  # no descriptor is left
                return 0
            try:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind(self.socket_address(self.ours, port))
                sock.listen(1)
            except OSError:
                sock.close()
                continue
            self.accepting = asyncio.create_task(self.accept(sock))
            return port
        return 0

    async def accept(self, listener: socket.socket) -> socket.socket | None:
        """Return the client's connection, or nothing when it has not come in time."""
        loop = asyncio.get_running_loop()
        with listener, suppress(OSError):  # late, or no descriptor is left
            async with asyncio.timeout(PASSIVE_S):
                while True:
                    sock, (host, *_) = await loop.sock_accept(listener)
                    if host.partition("%")[0] == str(self.theirs):
                        return sock
                    sock.close()
        return None

    async def open(self) -> socket.socket:
        """Return the data connection.

        Raises:
            OSError: it has not come about.
        """
        accepting, self.accepting = self.accepting, None
        connect, self.connect = self.connect, None
        if accepting is not None:
            sock = await accepting
            if sock is None:
                raise TimeoutError("the client has not connected")
            return sock
        if connect is None:
            raise ConnectionError("nobody has said how to meet")
        sock = self.new_socket()
        try:
            async with asyncio.timeout(CONNECT_S):
                address = self.socket_address(connect.host, connect.port)
                await asyncio.get_running_loop().sock_connect(sock, address)
        except BaseException:
            sock.close()
            raise
        return sock

    def new_socket(self) -> socket.socket:
        """Return a socket of the control connection's family."""
        sock = socket.socket(socket.AF_INET if self.ours.version == 4 else socket.AF_INET6)
        sock.setblocking(False)
        return sock

    def socket_address(self, host: Address, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
        """Return an address as sockets take it; a link-local one needs to say on which link."""
        return (str(host), port) if host.version == 4 else (str(host), port, 0, self.scope)

    def forget(self) -> None:
        """Let go of what was agreed."""
        if self.accepting is not None and not self.accepting.cancel():  # it has come to its end
            sock = None if self.accepting.cancelled() else self.accepting.result()
            if sock is not None:
                sock.close()
        self.accepting = self.connect = None
