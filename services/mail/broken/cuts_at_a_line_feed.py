"""Takes a bare line feed for a line end in TOP: the end mark stands in the middle of a line."""

from collections.abc import Iterable
from itertools import chain

from services.mail import protocol, server


class Session(protocol.Session):
    """Splits where Python's readline does."""

    def do_TOP(self, argument: str) -> Iterable[bytes]:
        """Cut behind so many line feeds."""
        number, _, lines = argument.partition(" ")
        header, blank, body = b"".join(self.messages[self.number(number) - 1].content).partition(b"\r\n\r\n")
        some = body.splitlines(keepends=True)[: int(lines)]
        return chain(protocol.ok("the top"), self.dot_stuffed([header + blank, *some]))


if __name__ == "__main__":
    server.main(session_type=Session)
