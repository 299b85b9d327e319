"""Knows no MLSD: clients must guess what a line of LIST means."""

from services.ftp import server, session


class Session(session.Session):
    """Stopped reading at RFC 959."""

    @classmethod
    def verbs(cls) -> list[str]:
        """Leave some out."""
        return [verb for verb in super().verbs() if verb not in ("MLSD", "MLST")]


if __name__ == "__main__":
    server.main(session_type=Session)
