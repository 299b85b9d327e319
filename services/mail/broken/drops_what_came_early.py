"""Empties its input after every reply: commands that came together get lost."""

from typing import AnyStr

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Believes that a client waits for each reply."""

    async def push(self, status: AnyStr) -> None:
        """Reply, then forget what has come meanwhile."""
        await super().push(status)
        self._reader._buffer.clear()  # type: ignore[attr-defined]


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
