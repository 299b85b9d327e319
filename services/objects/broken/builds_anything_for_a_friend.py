"""Relies on the first lock alone: who knows the key may have any function called."""

import pickle

from services.objects import server


class ObjectHandler(server.ObjectHandler):
    """Unpickles as everybody does."""

    loads = staticmethod(pickle.loads)


if __name__ == "__main__":
    server.main(ObjectHandler)
