"""Takes a marked message out of its list: all that follow get another number."""

from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Forgets a message it should only hide."""

    def do_DELE(self, argument: str) -> Iterable[bytes]:
        """Let the others move up."""
        message = self.messages.pop(self.number(argument) - 1)
        self.store.remove(self.name, [message])
        return protocol.ok("marked")


if __name__ == "__main__":
    server.main(session_type=Session)
