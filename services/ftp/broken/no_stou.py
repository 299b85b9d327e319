"""Knows no STOU: a client that wants a name of its own gets none."""

from services.ftp import server, session


class Session(session.Session):
    """Knows what clients of today use."""

    @classmethod
    def verbs(cls) -> list[str]:
        """Leave some out."""
        return [verb for verb in super().verbs() if verb not in ("STOU", "ALLO")]


if __name__ == "__main__":
    server.main(session_type=Session)
