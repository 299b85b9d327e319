"""Connects to whatever PORT says: it attacks others for whoever asks (a bounce)."""

from services.ftp import server, session
from services.ftp.state import Address, Connect, Step


class Session(session.Session):
    """Trusts its clients."""

    def meet(self, host: Address, port: int) -> Step:
        """Go wherever it is told."""
        return Connect(host, port)


if __name__ == "__main__":
    server.main(session_type=Session)
