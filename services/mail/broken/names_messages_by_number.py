"""Gives the message's number as its unique name: another one has it tomorrow."""

from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Believes that a number is a name."""

    def do_UIDL(self, argument: str) -> Iterable[bytes]:
        """Number them."""
        return self.listing(argument, {n: str(n) for n, _ in self.kept()})


if __name__ == "__main__":
    server.main(session_type=Session)
