"""Refusals: a request that is not served, and the status that says why (RFC 9110 section 15)."""

import errno
from http import HTTPStatus

# What says that something has run out for now, not that something is wrong.
SCARCITY = {
    errno.EAGAIN,  # no process or thread more
    errno.EMFILE,  # no descriptor more in this process
    errno.ENFILE,  # none in the whole system
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.ENOSPC,  # the container's /tmp is full
}


class RefusedError(Exception):
    """The message is not taken: with which status, and why, in a sentence for the client."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def bad_request(reason: str) -> RefusedError:
    """Return a refusal with 400, which all malformed requests get."""
    return RefusedError(HTTPStatus.BAD_REQUEST, reason)


def is_scarcity(error: OSError) -> bool:
    """Return whether an error passes by itself: it is worth to wait, or to ask again later."""
    return error.errno in SCARCITY
