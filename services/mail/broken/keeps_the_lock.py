"""Keeps a maildrop locked when its reader leaves without QUIT."""

from services.mail import protocol, server


class Session(protocol.Session):
    """Unlocks at QUIT only."""

    def leave(self) -> None:
        """Unlock when it was QUIT that called."""
        if self.ending == "QUIT":
            super().leave()


if __name__ == "__main__":
    server.main(session_type=Session)
