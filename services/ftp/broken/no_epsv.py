"""Knows PASV and PORT only, as in 1985: over IPv6 nothing can be moved."""

from services.ftp import server, session


class Session(session.Session):
    """Stopped reading at RFC 959."""

    @classmethod
    def verbs(cls) -> list[str]:
        """Leave some out."""
        return [verb for verb in super().verbs() if verb not in ("EPSV", "EPRT")]


if __name__ == "__main__":
    server.main(session_type=Session)
