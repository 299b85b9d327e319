"""Has no limit for a line of text: it waits for the end, however long that takes."""

from services.mail import incoming, server, smtp_session


class IncomingMail(incoming.IncomingMail):
    """Takes any line."""

    def refuse(self, reply: str) -> None:
        """Refuse for any reason but a line's length."""
        if not reply.startswith("500"):
            super().refuse(reply)


class SmtpSession(smtp_session.SmtpSession):
    """The session that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
