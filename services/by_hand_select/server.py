r"""Upper case over TCP, all clients in one thread, by hand.

Spec:    the line protocol of services/upper_tcp/protocol.py
Model:   select: ask the kernel which sockets can go on, let each do one step, ask again
Try:     printf 'hello\nworld\n\n' | nc -N by-hand-select 9999
Observe: hold fifty clients in the middle of a line: no thread, no process, and the next is answered
Limits:  200 clients; who comes on top is hung up on. `select` itself ends at descriptor 1023

A thread keeps its place in its conversation by standing there: `readline` waits, and goes on when the
line is whole. Nothing here may wait but `select`, so each conversation remembers by itself where it
is: the beginning of a line, what the client is still owed, why it ends. It is the loop of protocol.py
turned inside out. `echo` does the same with `selectors`, which picks epoll and has no such end.
"""

import io
import select
import socket
import time

from services.journal import log
from services.scarcity import PAUSE_S, is_scarcity, report
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, MAX_LINE_OCTETS, TOO_LONG
from services.upper_tcp.server import listen

MAX_CLIENTS = 200  # each may hold a line and its answer, 128 KiB: 25 MiB in all
LINGER_S = 1.0  # for a client to take its last answer and hang up, before we do


class Conversation:
    """One client, and where we are with it."""

    def __init__(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        self.sock = sock
        self.peer = peer
        self.received = b""  # the beginning of a line
        self.owed = bytearray()
        self.answered = 0
        self.ending = ""  # why it ends; empty while it goes on
        self.said_goodbye = False
        self.deadline = time.monotonic() + IDLE_TIMEOUT_S

    def fileno(self) -> int:
        """Return the descriptor: whatever has this method, `select` takes for a file."""
        return self.sock.fileno()

    def go_on(self) -> bool:
        """Do one step without waiting; return whether there will be another.

        Raises:
            OSError: the client has reset the connection.
        """
        if self.owed:
            self.send()
        elif not self.said_goodbye:
            self.receive()
        elif not self.sock.recv(MAX_LINE_OCTETS):  # late octets are dropped, up to its end of file
            return False
        if self.ending and not self.owed and not self.said_goodbye:
            self.sock.shutdown(socket.SHUT_WR)
            self.said_goodbye = True
            self.deadline = time.monotonic() + LINGER_S
        return True

    def receive(self) -> None:
        """Take what has arrived: answer the lines that are whole, keep the beginning of the next."""
        data = self.sock.recv(MAX_LINE_OCTETS + 1 - len(self.received))
        lines = io.BytesIO(self.received + data)
        self.received = b""
        self.deadline = time.monotonic() + IDLE_TIMEOUT_S
        for line in lines:
            if len(line) > MAX_LINE_OCTETS:
                self.owed += TOO_LONG
                self.ending = "line too long"
            elif data and not line.endswith(b"\n"):
                self.received = line
            else:
                self.answer(line.removesuffix(b"\n").removesuffix(b"\r"))
            if self.ending:
                return
        if not data:
            self.ending = "end of file"

    def answer(self, line: bytes) -> None:
        """Owe the answer to a whole line, without its end; a blank one ends the conversation."""
        if line:
            self.owed += line.upper() + b"\n"
            self.answered += 1
        else:
            self.ending = "blank line"

    def send(self) -> None:
        """Send what the kernel takes now, which may be less than all."""
        sent = self.sock.send(self.owed)
        del self.owed[:sent]
        self.deadline = time.monotonic() + IDLE_TIMEOUT_S


class SelectServer:
    """The listening socket, its clients, and the one loop that serves them."""

    conversation_type = Conversation

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.listener.setblocking(False)
        self.clients: set[Conversation] = set()
        self.is_short = False  # of descriptors, or memory: so the last `accept` said
        self.rests_until = 0.0  # before that nobody is accepted

    def serve_forever(self) -> None:
        """Wait until some socket can go on or some client is late; see to it, and wait again."""
        while True:
            # Who is owed something is not read from: a client that does not read is made to wait.
            writing = [client for client in self.clients if client.owed]
            reading: list[socket.socket | Conversation] = [
                client for client in self.clients if not client.owed
            ]
            if self.rests_until <= time.monotonic():
                reading.append(self.listener)
            readable, writable, _ = select.select(reading, writing, [], self.patience_s())
            for ready in readable + writable:
                if isinstance(ready, Conversation):
                    self.serve(ready)
                else:
                    self.accept()
            now = time.monotonic()
            for client in [each for each in self.clients if each.deadline <= now]:
                self.close(client, client.ending or "timed out")

    def patience_s(self) -> float | None:
        """Return how long nothing need happen: until the first deadline, without one for ever."""
        now = time.monotonic()
        deadlines = [client.deadline for client in self.clients]
        if self.rests_until > now:
            deadlines.append(self.rests_until)
        return max(0.0, min(deadlines) - now) if deadlines else None

    def accept(self) -> None:
        """Welcome one client; one that has left again by now is no error of ours."""
        try:
            sock, peer = self.listener.accept()
        except OSError as error:
            if is_scarcity(error):
                self.rest(error)
            return
        self.is_short = False
        if len(self.clients) == MAX_CLIENTS:
            log(peer, f"refused: {MAX_CLIENTS} clients are here")
            sock.close()
            return
        sock.setblocking(False)
        self.clients.add(self.conversation_type(sock, peer))

    def rest(self, error: OSError) -> None:
        """Leave the queue alone for a moment: until there is room `select` would name it over and over."""
        if not self.is_short:
            report(error)
        self.is_short = True
        self.rests_until = time.monotonic() + PAUSE_S

    def serve(self, client: Conversation) -> None:
        """Let one client go on by a step."""
        try:
            if not client.go_on():
                self.close(client, client.ending)
        except BlockingIOError:
            pass  # select was wrong, as it may be (man 2 select): it will tell again
        except OSError as error:  # reset by the peer, for one
            self.close(client, error.strerror or str(error))

    def close(self, client: Conversation, ending: str) -> None:
        """Forget a client."""
        self.clients.discard(client)
        client.sock.close()
        log(client.peer, f"answered {client.answered} lines, {ending}")


if __name__ == "__main__":
    SelectServer(listen()).serve_forever()
