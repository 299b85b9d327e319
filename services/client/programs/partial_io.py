"""Octets arrive in other pieces than they were sent: what send and recv return, and how to put it right.

Both ends of a TCP connection are in this program.
"""

import argparse
import itertools
import signal
import socket
import struct
import threading
from collections.abc import Callable

MESSAGES = (b"first message", b"second", b"and a third, longer one")
LENGTH = struct.Struct("!I")


def connected_pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a TCP connection within this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=5)
        server, _ = listener.accept()
        server.settimeout(5)
    return client, server


def two_sends_arrive_as_one() -> None:
    """Two sends, one recv: TCP keeps no borders between messages."""
    client, server = connected_pair()
    with client, server:
        for message in MESSAGES[:2]:
            client.sendall(message)
            print(f"    sent {message!r}")
        client.shutdown(socket.SHUT_WR)
        print(f"    received {server.recv(1000)!r}")


def sizes_of_pieces(sock: socket.socket) -> list[int]:
    """Read to the end; return how much each recv gave."""
    return [len(piece) for piece in iter(lambda: sock.recv(65536), b"")]


def send_and_end(sock: socket.socket, size_octets: int) -> None:
    """Send so many octets, and the end."""
    sock.sendall(bytes(size_octets))
    sock.shutdown(socket.SHUT_WR)


def recv_gives_less_than_was_sent(size_octets: int) -> None:
    """One send, many recvs: recv returns what is there, at most what was asked for."""
    client, server = connected_pair()
    with client, server:
        sender = threading.Thread(target=send_and_end, args=(client, size_octets))
        sender.start()
        sizes = sizes_of_pieces(server)
        sender.join()
    print(f"    sent {size_octets} octets with one sendall, received {len(sizes)} pieces of at most 65536:")
    for size, run in itertools.groupby(sizes[:12]):
        print(f"        {len(list(run))} x {size}")
    print(f"        ... and so on; together {sum(sizes)}, and then b'': the end")


def send_takes_less_than_asked(size_octets: int) -> None:
    """Send may take less than it is given: it returns how much, and who ignores that loses the rest."""
    client, server = connected_pair()
    with client, server:
        client.settimeout(0.2)  # in blocking mode without a timeout send waits until it has taken all
        taken = client.send(bytes(size_octets))
        print(f"    send of {size_octets} octets returned {taken}: {size_octets - taken} are still ours")


def sendall_sends_all(size_octets: int) -> None:
    """Sendall calls send again and again; by hand it is a loop around what send returns."""
    client, server = connected_pair()
    with client, server:
        received: list[int] = []
        reader = threading.Thread(target=lambda: received.extend(sizes_of_pieces(server)))
        reader.start()
        left, sends = memoryview(bytes(size_octets)), 0
        client.settimeout(0.2)
        while left:
            left = left[client.send(left) :]
            sends += 1
        client.shutdown(socket.SHUT_WR)
        reader.join()
    print(f"    {size_octets} octets in {sends} sends; the other side has {sum(received)}")


def receive_exactly(sock: socket.socket, size_octets: int) -> bytes:
    """Return exactly so many octets.

    Raises:
        EOFError: the peer closed before they were all there.
    """
    received = b""
    while len(received) < size_octets:
        piece = sock.recv(size_octets - len(received))
        if not piece:
            raise EOFError(f"the end after {len(received)} of {size_octets} octets")
        received += piece
    return received


def messages_need_borders_of_their_own() -> None:
    """Reassembly: say where a message ends, by its length before it or by a line feed after it."""
    client, server = connected_pair()
    with client, server:
        client.sendall(b"".join(LENGTH.pack(len(message)) + message for message in MESSAGES))
        for _ in MESSAGES:
            [size] = LENGTH.unpack(receive_exactly(server, LENGTH.size))
            print(f"    a length, {size}, and then the message: {receive_exactly(server, size)!r}")
    client, server = connected_pair()
    with client, server, server.makefile("rb") as lines:
        client.sendall(b"".join(message + b"\n" for message in MESSAGES))
        for _ in MESSAGES:
            print(f"    a line: {lines.readline()!r}")


def main() -> None:
    """Run the experiments, one after the other."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when nobody reads on, as in `| head`
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # and at Ctrl-C
    parser = argparse.ArgumentParser(
        prog="partial_io", description=__doc__, epilog="example: partial_io --size 1000000"
    )
    parser.add_argument(
        "--size",
        type=int,
        default=10_000_000,
        metavar="N",
        help="octets of a large message (default: %(default)s)",
    )
    size = parser.parse_args().size
    if not 0 < size <= 50_000_000:
        parser.error("a size is 1 to 50000000 octets")
    experiments: dict[Callable[..., None], tuple[int, ...]] = {
        two_sends_arrive_as_one: (),
        recv_gives_less_than_was_sent: (size,),
        send_takes_less_than_asked: (size,),
        sendall_sends_all: (size,),
        messages_need_borders_of_their_own: (),
    }
    for experiment, arguments in experiments.items():
        print(experiment.__doc__)
        experiment(*arguments)
        print(flush=True)


if __name__ == "__main__":
    main()
