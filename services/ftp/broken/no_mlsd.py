"""Knows no MLSD: clients must guess what a line of LIST means."""

from services.ftp import server

COMMANDS = {name: each for name, each in server.COMMANDS.items() if name not in ("MLSD", "MLST")}


class Conversation(server.Conversation):
    """Stopped reading at RFC 959."""

    proto_cmds = COMMANDS


server.Conversation = Conversation  # type: ignore[misc]

if __name__ == "__main__":
    server.main()
