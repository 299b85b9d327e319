"""Takes TYPE A and I, and none of the other ways to write them."""

from services.ftp import server, session
from services.ftp.state import Refusal, Step


class Session(session.Session):
    """Compares the whole argument."""

    def do_TYPE(self, argument: str) -> Step:
        """Compare."""
        if argument.upper() not in ("A", "I"):
            raise Refusal("501 The types are A and I.")
        return super().do_TYPE(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
