"""Uses the number as an index without a look at it: 0 and -1 are the last message."""

from services.mail import protocol, server


class Session(protocol.Session):
    """Lets Python count."""

    def number(self, argument: str) -> int:
        """Read any number."""
        return int(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
