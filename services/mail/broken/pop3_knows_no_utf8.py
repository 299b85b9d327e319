"""Does not know UTF8: the reader of a name beyond ASCII cannot say that it understands such names."""

from typing import ClassVar

from services.mail import protocol, server


class Session(protocol.Session):
    """Knows what RFC 1939 knows."""

    verbs: ClassVar[dict[str, set[str]]] = {
        state: verbs - {"UTF8"} for state, verbs in protocol.Session.verbs.items()
    }


if __name__ == "__main__":
    server.main(session_type=Session)
