r"""Upper case over Unix-domain sockets: no host, no port, but a path that both sides can see.

Spec:    unix(7); on the stream the line protocol of services/upper_tcp, on datagrams that of upper_udp
Model:   threading: a thread for each stream client, and one for all datagrams
Try:     printf 'hello\nworld\n\n' | nc -N -U /run/lab/stream
Observe: the log names the user who called: the kernel knows it, so nobody has to log in
Limits:  100 stream clients; an answer to somebody who does not read is dropped, not kept for later

The calls are those of TCP and UDP, only the address differs. A path brings the file system's rules:
who may write to the socket file may connect; the file outlives its server, so that the next one has
to remove it before it binds; and an address has at most 107 octets.

Datagrams here are neither lost nor reordered: when the receiver's queue is full, `sendto` waits. A
server must not, or somebody who asks and never reads would stop it for everybody. What nobody has
read yet counts against the sender's buffer, here ours, which is one for all clients: who means ill
can still fill it. A stream has a buffer for each.
"""

import socket
import struct
import sys
import threading
from pathlib import Path

from services.journal import log
from services.scarcity import accept
from services.upper_tcp.protocol import IDLE_TIMEOUT_S, converse
from services.upper_tcp.server import BACKLOG, hang_up

FOLDER = Path("/run/lab")  # shared with the toolbox
MAX_THREADS = 100  # the container may have 128 threads in all, health checks included
MAX_DATAGRAM_OCTETS = 256 * 1024  # Linux sends no longer ones unless told: net.core.wmem_max is 208 KiB
CREDENTIALS = struct.Struct("3i")  # pid, uid and gid of the other side, as unix(7) lays them out


def bind(path: Path, kind: socket.SocketKind) -> socket.socket:
    """Return a socket bound to a path, to which every user may connect."""
    path.unlink(missing_ok=True)  # a server that was killed left it; bind would say: already in use
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.bind(str(path))
    path.chmod(0o666)  # to connect is to write
    return sock


def caller(credentials: bytes) -> tuple[str, int]:
    """Return who is on the other side, in the place of the address a log line begins with."""
    _pid, uid, _gid = CREDENTIALS.unpack(credentials)
    return ("uid", uid)


def serve(sock: socket.socket) -> None:
    """Serve one stream client, as upper-tcp does: nothing here knows what kind of socket it is."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    sock.settimeout(IDLE_TIMEOUT_S)
    with sock, sock.makefile("rb") as reader:
        log(caller(credentials), converse(reader, sock.sendall))
        hang_up(sock)


def serve_streams(listener: socket.socket) -> None:
    """Accept for ever; each client gets a thread, up to a limit."""
    while True:
        try:
            sock, _ = accept(listener)  # the address of a client that did not bind is empty
        except OSError:  # it left while it was waiting
            continue
        if threading.active_count() > MAX_THREADS:
            sock.close()
            continue
        try:
            threading.Thread(target=serve, args=(sock,), daemon=True).start()
        except RuntimeError:  # no more threads, or no memory for one
            sock.close()


def answer(sock: socket.socket, data: bytes, sender: str | bytes | None) -> str:
    """Send a datagram back in upper case and return how it went, for the log."""
    if not sender:
        return f"{len(data)} octets from a socket without a name: nowhere to answer to"
    if sender == sock.getsockname():
        return "our own answer: somebody made his path lead to ours"
    try:
        sock.sendto(data.upper(), socket.MSG_DONTWAIT, sender)
    except OSError as error:  # it is gone, lets nobody write, or does not read
        return f"no answer to {len(data)} octets: {error.strerror}"
    return f"answered {len(data)} octets"


def serve_datagrams(sock: socket.socket) -> None:
    """Answer one datagram after another, each to the path its sender is bound to."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)  # the kernel adds who sent it
    space = socket.CMSG_SPACE(CREDENTIALS.size)
    while True:
        data, ancillary, _, sender = sock.recvmsg(MAX_DATAGRAM_OCTETS, space)
        [(_, _, credentials)] = ancillary
        log(caller(credentials), answer(sock, data, sender))


def main(folder: Path = FOLDER) -> None:
    """Serve both kinds of socket in a folder, which is made if it is not there."""
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o1777)  # as /tmp: clients put the paths they want to be answered at beside ours
    datagrams = bind(folder / "datagram", socket.SOCK_DGRAM)
    threading.Thread(target=serve_datagrams, args=(datagrams,), daemon=True).start()
    listener = bind(folder / "stream", socket.SOCK_STREAM)
    listener.listen(BACKLOG)
    serve_streams(listener)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
