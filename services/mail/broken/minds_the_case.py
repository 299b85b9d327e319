"""Looks for the maildrop `Ana` when mail for `ana` lies there."""

from collections.abc import Iterable

from services.mail import protocol, server


class Session(protocol.Session):
    """Takes the name as it was typed."""

    def do_USER(self, argument: str) -> Iterable[bytes]:
        """Keep the capitals."""
        answer = super().do_USER(argument)
        self.name = argument
        return answer


if __name__ == "__main__":
    server.main(session_type=Session)
