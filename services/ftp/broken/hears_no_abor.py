"""Reads no command while something moves: ABOR is heard when it is too late."""

import asyncio

from services.ftp import conversation, server


class Conversation(conversation.Conversation):
    """Does one thing at a time."""

    async def go_on(self, moving: "asyncio.Task[str]") -> bool:
        """Wait for the end."""
        await asyncio.wait({moving})
        return False


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
