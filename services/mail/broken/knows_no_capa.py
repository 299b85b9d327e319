"""Does not know CAPA: a client cannot ask what else it knows."""

from typing import ClassVar

from services.mail import protocol, server


class Session(protocol.Session):
    """Knows what RFC 1939 knows."""

    verbs: ClassVar[dict[str, set[str]]] = {
        state: verbs - {"CAPA"} for state, verbs in protocol.Session.verbs.items()
    }


if __name__ == "__main__":
    server.main(session_type=Session)
