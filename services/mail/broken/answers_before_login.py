"""Answers STAT and LIST before anybody has logged in."""

from services.mail import protocol, server


class Session(protocol.Session):
    """Knows no states."""

    verbs = dict.fromkeys(protocol.Session.verbs, set().union(*protocol.Session.verbs.values()))


if __name__ == "__main__":
    server.main(session_type=Session)
