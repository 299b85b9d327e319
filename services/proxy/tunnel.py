"""A tunnel: octets carried both ways between two sockets, unseen, until both sides have said all.

The two directions are independent. EOF on one is passed on and the other goes on (a half-close), and who
does not read holds up only what is meant for him: each direction keeps what is on its way, at most
`BUFFER_OCTETS`, and reads no more until there is room.
"""

import select
import socket
import time

BUFFER_OCTETS = 64 * 1024


class Direction:
    """One way through the tunnel, from a source to a sink."""

    def __init__(self, source: socket.socket, sink: socket.socket, held: bytes = b"") -> None:
        self.source = source
        self.sink = sink
        self.held = bytearray(held)
        self.source_done = False
        self.closed = False
        self.carried_octets = 0

    @property
    def can_read(self) -> bool:
        """Whether there is more to come, and room for it."""
        return not self.source_done and len(self.held) < BUFFER_OCTETS

    def read(self) -> None:
        """Take what has arrived; an empty piece is the source's EOF."""
        piece = self.source.recv(BUFFER_OCTETS - len(self.held))
        self.held += piece
        self.source_done = not piece

    def write(self) -> None:
        """Hand on what the sink takes now."""
        sent = self.sink.send(self.held)
        del self.held[:sent]
        self.carried_octets += sent

    def pass_eof_on(self) -> None:
        """Once all that came has gone on, say so."""
        if self.source_done and not self.held and not self.closed:
            self.sink.shutdown(socket.SHUT_WR)
            self.closed = True


def carry(client: socket.socket, origin: socket.socket, early: bytes, *, idle_s: float, all_s: float) -> str:
    """Carry octets both ways until both have ended, and return how it went, for the log.

    Args:
        client: one end.
        origin: the other.
        early: what the client has sent already.
        idle_s: how long nothing may happen.
        all_s: how long it may take altogether.
    """
    there, back = Direction(client, origin, early), Direction(origin, client)
    ending = "closed"
    try:
        _carry(there, back, idle_s, time.monotonic() + all_s)
    except TimeoutError as error:
        ending = str(error)
    except OSError as error:  # one has reset its connection: the other cannot be told better than by closing
        ending = error.strerror or "error"
    return f"{there.carried_octets} octets there, {back.carried_octets} back, {ending}"


def _carry(there: Direction, back: Direction, idle_s: float, deadline: float) -> None:
    there.source.setblocking(False)
    there.sink.setblocking(False)
    both = (there, back)
    while not (there.closed and back.closed):
        left_s = deadline - time.monotonic()
        readers = {each.source: each for each in both if each.can_read}
        writers = {each.sink: each for each in both if each.held}
        readable, writable, _ = select.select(readers, writers, [], max(min(idle_s, left_s), 0))
        if left_s <= 0 or not (readable or writable):
            raise TimeoutError("ended by us: " + ("too long" if left_s <= idle_s else "too long silent"))
        for sock in readable:
            readers[sock].read()
        for sock in writable:
            writers[sock].write()
        for each in both:
            each.pass_eof_on()
