"""Tidies up at the end of a connection, whether there was a QUIT or not."""

from services.mail import protocol, server


class Session(protocol.Session):
    """Takes every end for QUIT."""

    def leave(self) -> None:
        """Remove what is marked, then leave."""
        if self.state == "TRANSACTION":
            self.store.remove(self.name, [self.messages[number - 1] for number in self.deleted])
            self.deleted.clear()
        super().leave()


if __name__ == "__main__":
    server.main(session_type=Session)
