"""Answers PASV over IPv6, with an address of eight parts where four belong."""

from services.ftp import server


class Conversation(server.Conversation):
    """Never asks which family it talks in."""

    over_ipv4 = True


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
