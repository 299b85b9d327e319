"""Judges a message by the size MAIL declares and never counts what comes."""

from services.mail import incoming, server, smtp_session


class IncomingMail(incoming.IncomingMail):
    """Takes as much as comes."""

    def refuse(self, reply: str) -> None:
        """Refuse for any reason but the size."""
        if not reply.startswith("552"):
            super().refuse(reply)


class SmtpSession(smtp_session.SmtpSession):
    """The session that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
