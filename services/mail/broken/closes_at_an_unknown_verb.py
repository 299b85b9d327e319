"""Ends the conversation at the first command it does not know."""

from typing import AnyStr

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Does not forgive."""

    async def push(self, status: AnyStr) -> None:
        """Reply, and leave when the reply was 500."""
        await super().push(status)
        if status.startswith("500" if isinstance(status, str) else b"500"):
            assert self.transport is not None
            self.transport.close()


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
