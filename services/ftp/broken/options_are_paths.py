"""Takes the options of an `ls` for a path: `LIST -la` is 450."""

from services.ftp import server, session
from services.ftp.state import Refusal, Step


class Session(session.Session):
    """Reads RFC 959, where LIST has none."""

    def do_LIST(self, argument: str) -> Step:
        """Look for a file of that name."""
        if argument.startswith("-"):
            raise Refusal("450 There is no such file.")
        return super().do_LIST(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
