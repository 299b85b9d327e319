"""Names an address in PASV that the client cannot reach, as behind a misconfigured router."""

from services.ftp import server


class Conversation(server.Conversation):
    """Believes its settings."""

    masquerade_address = "203.0.113.1"


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
