"""Compares SMTP's verbs as they came: `noop` is not `NOOP`."""

from services.mail import server, smtp

VERBS = (b"ehlo", b"helo", b"mail", b"rcpt", b"data", b"noop", b"rset", b"help", b"vrfy", b"quit")


class Conversation(smtp.Conversation):
    """Does not know a verb in lower case."""

    def data_received(self, data: bytes) -> None:
        """Make it one that nobody knows."""
        super().data_received(b"NOT-" + data if data.startswith(VERBS) else data)


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
