"""Connects to whatever PORT says: it attacks others for whoever asks (a bounce)."""

from services.ftp import server


class Conversation(server.Conversation):
    """Trusts its clients."""

    permit_foreign_addresses = True
    permit_privileged_ports = True


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
