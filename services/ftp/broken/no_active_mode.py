"""Refuses PORT and EPRT: all is passive."""

from services.ftp import server, session
from services.ftp.state import Address, Refusal, Step


class Session(session.Session):
    """Thinks that nobody does that any more."""

    def meet(self, host: Address, port: int) -> Step:
        """Refuse."""
        raise Refusal("502 Use PASV or EPSV.")


if __name__ == "__main__":
    server.main(session_type=Session)
