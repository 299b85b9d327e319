"""Does not expect a peer to reset: an error on a data connection ends the whole server."""

import os

from services.ftp import conversation, server
from services.ftp.files import Receiving, Sending


class Conversation(conversation.Conversation):
    """Takes a connection for something that lasts."""

    async def outcome_of(self, what: Sending | Receiving) -> str:
        """Give up when the transfer did not go well."""
        outcome = await super().outcome_of(what)
        if outcome.startswith("426"):
            os._exit(1)
        return outcome


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
