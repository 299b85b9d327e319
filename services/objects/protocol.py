"""What both sides of the object transport agree on, and how octets become objects without doing harm.

Framing and authentication are those of `multiprocessing.connection`: each message is its length in
four octets and then its octets; first each side proves with an HMAC that it knows the key, without
saying it. Only then do messages hold pickles.

A pickle is no data format but a program for a little machine, and one of its instructions is: import
this name and call it. `pickle.loads` obeys. So whoever may have his octets unpickled may run what he
likes, and a list of what may be imported is the second lock, should the first one fail.
"""

import io
import pickle
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Peer = Connection[Any, Any]  # for the type checker it is generic, for Python it is not
else:
    Peer = Connection

PORT = 6000
AUTHKEY = b"lab"  # known to everybody who has read this: a real one is long, random, and kept secret
MAX_MESSAGE_OCTETS = 256 * 1024  # what a peer may make the other side hold, in a few copies

# Besides what pickle builds by itself: None, bool, int, float, str, bytes, list, tuple, dict, set.
ALLOWED = {
    ("builtins", "complex"),
    ("builtins", "range"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
}


class CautiousUnpickler(pickle.Unpickler):
    """Imports nothing but what is on the list."""

    def find_class(self, module: str, name: str) -> object:
        """Return what a pickle asks for by name; this is the only door to the outside it has."""
        if (module, name) in ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not on the list")


def loads(octets: bytes) -> object:
    """Return the object that a pickle describes.

    Raises:
        pickle.UnpicklingError: it is no pickle, or asks for what it may not have.
    """
    try:
        return CautiousUnpickler(io.BytesIO(octets)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # a program in a language of somebody else's can fail in every way there is
        raise pickle.UnpicklingError(f"no pickle: {type(error).__name__}") from error
