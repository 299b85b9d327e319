"""Keeps the envelope in one place: clients that send at the same time share it."""

from aiosmtpd.smtp import Envelope

from services.mail import server, smtp

SHARED = Envelope()


class Conversation(smtp.Conversation):
    """Finds the sender and recipients of whoever spoke last."""

    def _create_envelope(self) -> Envelope:
        vars(SHARED).update(vars(Envelope()))
        return SHARED


if __name__ == "__main__":
    server.main(conversation_type=Conversation)
