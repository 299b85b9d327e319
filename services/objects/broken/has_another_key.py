"""Lets nobody in: its key is not the one that was agreed on."""

from services.objects import server


class ObjectHandler(server.ObjectHandler):
    """Believes that case does not matter."""

    authkey = b"Lab"


if __name__ == "__main__":
    server.main(ObjectHandler)
