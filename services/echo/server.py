r"""TCP echo: every octet that arrives goes back, unchanged and in order.

Spec:    RFC 862 (Echo Protocol)
Model:   select: one thread serves everybody, and never waits for anyone in particular
Try:     printf 'hello\n' | nc -N echo 7
Observe: shut down your writing side (`nc -N`) and the rest of your echo still comes, then EOF
Limits:  no idle timeout: a silent client may stay as long as it likes, it costs one descriptor

The server holds at most `BUFFER_OCTETS` for a client. A client that sends but does not read
fills that buffer; then the server stops reading from it, TCP's window closes, and the client's
own `send` blocks. So a slow reader slows only itself.
"""

import selectors
import socket
import time

from services.journal import log
from services.scarcity import PAUSE_S, is_scarcity, report

PORT = 7
BACKLOG = 1024  # 500 clients may knock before we accept the first
BUFFER_OCTETS = 64 * 1024  # one recv; enough to keep a fast client busy on one machine

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def listen(port: int = PORT) -> socket.socket:
    """Return a listening socket for IPv6 and, as mapped addresses, for IPv4."""
    listener = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    # The sockets that it accepts inherit this: an urgent octet stays in its place (RFC 6093 section 3.1).
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    return listener


class Conversation:
    """One client: its socket, and what it is still owed."""

    def __init__(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        self.sock = sock
        self.peer = peer
        self.owed = bytearray()
        self.peer_done = False  # it sent EOF: nothing more will come
        self.echoed_octets = 0

    def receive(self) -> None:
        """Take what has arrived; an empty read is the peer's EOF."""
        data = self.sock.recv(BUFFER_OCTETS - len(self.owed))
        self.owed += data
        self.peer_done = not data

    def send(self) -> None:
        """Send what the kernel takes now, which may be less than all."""
        sent = self.sock.send(self.owed)
        del self.owed[:sent]
        self.echoed_octets += sent

    @property
    def interests(self) -> int:
        """What we wait for: room to write what is owed, and data while there is room to keep it."""
        events = WRITE if self.owed else 0
        if not self.peer_done and len(self.owed) < BUFFER_OCTETS:
            events |= READ
        return events


class EchoServer:
    """The listening socket, its clients, and the one loop that serves them."""

    conversation_type = Conversation

    def __init__(self, listener: socket.socket) -> None:
        self.is_short = False  # of descriptors, or memory: so the last `accept` said
        self.rests_until: float | None = None  # while it is set, nobody is accepted
        self.listener = listener
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, READ)

    def serve_forever(self) -> None:
        """Wait until some socket can go on, let it, and wait again."""
        while True:
            for key, events in self.selector.select(PAUSE_S if self.rests_until else None):
                if key.data is None:
                    self.accept()
                else:
                    self.serve(key.data, events)
            if self.rests_until and time.monotonic() >= self.rests_until:
                self.rests_until = None
                self.selector.register(self.listener, READ)

    def accept(self) -> None:
        """Welcome one client; one that has left again by now is no error of ours."""
        try:
            sock, peer = self.listener.accept()
        except OSError as error:
            if is_scarcity(error):
                self.rest(error)
            return
        self.is_short = False
        sock.setblocking(False)
        self.selector.register(sock, READ, self.conversation_type(sock, peer))

    def rest(self, error: OSError) -> None:
        """Leave the queue alone for a moment: until there is room the selector would name it over and over.

        The clients that are here are served meanwhile.
        """
        if not self.is_short:
            report(error)
        self.is_short = True
        self.selector.unregister(self.listener)
        self.rests_until = time.monotonic() + PAUSE_S

    def serve(self, client: Conversation, events: int) -> None:
        """Go on with one client as far as it goes without waiting."""
        try:
            if events & READ:
                client.receive()
            if client.owed:
                client.send()
        except BlockingIOError:
            pass  # the kernel has no room just now: the selector will tell
        except OSError as error:  # reset by the peer, for one
            self.close(client, error.strerror or "error")
            return
        if client.interests:
            self.selector.modify(client.sock, client.interests, client)
        else:
            self.close(client, "closed")

    def close(self, client: Conversation, ending: str) -> None:
        """End a conversation: nothing more will come and nothing is owed."""
        self.selector.unregister(client.sock)
        client.sock.close()
        log(client.peer, f"echoed {client.echoed_octets} octets, {ending}")


def main() -> None:
    """Serve until SIGTERM, which ends a Python program unless it asks otherwise."""
    EchoServer(listen()).serve_forever()


if __name__ == "__main__":
    main()
