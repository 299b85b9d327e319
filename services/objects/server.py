r"""Objects over a socket: what a friend sends arrives as the object it was, and goes back with its type.

Spec:    the documentation of `multiprocessing.connection`; in short in protocol.py beside this file
Model:   forking: a child for each peer, so that what a pickle does wrong is done to a child
Try:     python3 -m services.client.programs.object_client '{"now": [1, 2.5, (3, 4)]}'
Observe: with a wrong key the server hangs up before it has looked at anything that was sent
Limits:  nothing is encrypted; 60 peers; 256 KiB an object; classes on a short list only

The order is the lesson: authentication, then length, then contents. Until a peer has proved that it
knows the key, its octets are compared with what they should be and never unpickled: a pickle can
call any function, so `pickle.loads` on a stranger's octets hands him the keys of the house.

The library's own `Listener(authkey=...)` does the same, but inside `accept`: there one silent peer
keeps all others waiting. Here the children authenticate, each its own peer, with an alarm set.
"""

import hmac
import os
import pickle
import signal
import socketserver
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import answer_challenge, deliver_challenge
from types import FrameType

from services.forking.server import TCPServer, serve
from services.journal import log
from services.objects.protocol import AUTHKEY, MAX_MESSAGE_OCTETS, PORT, Peer, loads
from services.upper_tcp.server import hang_up

AUTHENTICATION_S = 5  # two HMACs: a program needs milliseconds
IDLE_TIMEOUT_S = 300  # for the whole of the next object


class ObjectHandler(socketserver.BaseRequestHandler):
    """One peer, in a process of its own."""

    authkey = AUTHKEY
    loads: Callable[[bytes], object] = staticmethod(loads)

    def handle(self) -> None:
        """Talk until somebody ends it, or the alarm does."""
        signal.signal(signal.SIGALRM, _give_up)
        with Peer(os.dup(self.request.fileno())) as peer:
            log(self.client_address, self.converse(peer))
        hang_up(self.request)

    def converse(self, peer: Peer) -> str:
        """Hold a whole conversation and return how it ended, for the log."""
        try:
            signal.alarm(AUTHENTICATION_S)
            self.authenticate(peer)
        except (AuthenticationError, AssertionError, OSError, EOFError) as error:
            # An assertion is what Python 3.11 has for a peer that does not keep to the rules.
            return f"refused, nothing unpickled: {type(error).__name__}"
        try:
            self.answer_objects(peer)
        except EOFError:
            return "closed"
        except (OSError, pickle.PickleError, RecursionError) as error:
            return f"hung up on a friend: {error}"
        return "done"

    def authenticate(self, peer: Peer) -> None:
        """Make the peer prove that it knows the key, then prove that we do.

        What it sends meanwhile is bounded by the library: 256 octets a message.

        Raises:
            AuthenticationError: it does not know the key.
            OSError, EOFError: it is gone, or has announced too long a message.
        """
        deliver_challenge(peer, self.authkey)
        answer_challenge(peer, self.authkey)

    def answer_objects(self, peer: Peer) -> None:
        """Answer each object with the name of its type and itself, until the peer ends.

        Raises:
            EOFError: it has.
            OSError, pickle.UnpicklingError: it sent what is too long, or what is not allowed.
        """
        while True:
            signal.alarm(IDLE_TIMEOUT_S)
            thing = self.loads(peer.recv_bytes(MAX_MESSAGE_OCTETS))
            peer.send((type(thing).__name__, thing))


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("its time is up")


def main(handler: type[ObjectHandler] = ObjectHandler) -> None:
    """Serve until SIGTERM."""
    hmac.digest(AUTHKEY, b"", "sha256")  # loads the library once here, not in each child: 2 MiB each
    serve(TCPServer(("", PORT), handler))


if __name__ == "__main__":
    main()
