"""Does not know OPTS UTF8 ON: some clients stop there."""

from services.ftp import server, session
from services.ftp.state import Refusal, Step


class Session(session.Session):
    """Thinks that what is on need not be switched on."""

    def do_OPTS(self, argument: str) -> Step:
        """Know MLST alone."""
        if argument.upper().startswith("UTF8"):
            raise Refusal("501 The option is MLST.")
        return super().do_OPTS(argument)


if __name__ == "__main__":
    server.main(session_type=Session)
