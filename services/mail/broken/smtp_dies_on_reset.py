"""Does not expect an SMTP client to reset after EHLO: the error ends the whole server."""

import sys

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Takes every error for the last one."""

    def connection_lost(self, error: Exception | None) -> None:
        """Leave with it."""
        super().connection_lost(error)
        if error is not None and self.session is not None and self.session.host_name:
            sys.exit(1)


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
