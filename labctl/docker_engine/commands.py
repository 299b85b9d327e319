"""What a command in a container prints, for as long as the user wants to wait for it."""

import socket
from collections.abc import Iterator
from contextlib import closing
from functools import partial

from docker.api.client import APIClient
from docker.utils.socket import frames_iter

from labctl.giving_up import ended_by


def printed(client: APIClient, exec_id: str) -> Iterator[bytes]:
    """Start a command that was made, and yield what it prints, in pieces, until its end.

    Args:
        client: the Engine's.
        exec_id: the command, which has no terminal.

    Raises:
        docker.errors.APIError: the Engine refused.
        GivenUp: the user gave up; the command itself goes on until its container ends.
    """
    stream = client.exec_start(exec_id, socket=True)
    sock: socket.socket = getattr(stream, "_sock", stream)
    # The SDK keeps the answer there; only closing that lets go of the connection.
    with closing(stream._response), ended_by(partial(sock.shutdown, socket.SHUT_RDWR)):
        for _, piece in frames_iter(stream, tty=False):
            yield piece
