"""Deletes at DELE, without waiting for QUIT."""

from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Cannot wait."""

    def do_DELE(self, argument: str) -> Iterable[bytes]:
        """Mark it, and have it removed now."""
        message = self.messages[self.number(argument) - 1]
        self.store.remove(self.name, [message])
        return super().do_DELE(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
