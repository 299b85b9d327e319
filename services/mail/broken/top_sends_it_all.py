"""Answers TOP with the whole message."""

from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Knows one way to send a message."""

    def do_TOP(self, argument: str) -> Iterable[bytes]:
        """Ignore how many lines were asked for."""
        return self.do_RETR(argument.partition(" ")[0])


if __name__ == "__main__":
    server.main(session_type=Session)
