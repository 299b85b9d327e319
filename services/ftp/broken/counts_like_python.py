"""Reads a position with Python's `int`: `1_0` and `+5` are numbers."""

from services.ftp import server, session
from services.ftp.state import Refusal, Step


class Session(session.Session):
    """Lets Python read."""

    def do_REST(self, argument: str) -> Step:
        """Take whatever `int` takes."""
        try:
            return super().do_REST(str(int(argument)))
        except ValueError:
            raise Refusal("501 REST needs a number.") from None


if __name__ == "__main__":
    server.main(session_type=Session)
