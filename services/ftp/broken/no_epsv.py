"""Knows PASV and PORT only, as in 1985: over IPv6 nothing can be moved."""

from services.ftp import server

COMMANDS = {name: each for name, each in server.COMMANDS.items() if name not in ("EPSV", "EPRT")}


class Conversation(server.Conversation):
    """Stopped reading at RFC 959."""

    proto_cmds = COMMANDS


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
