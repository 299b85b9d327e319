"""Takes LF for a line end too: a message ends where others see text (smuggling)."""

from services.mail import incoming, server, smtp_session


class IncomingMail(incoming.IncomingMail):
    """Sees the end in any line that is a dot."""

    def add(self, line: bytes) -> bool:
        """Strip the line before looking at it."""
        return line.strip() == b"." or super().add(line)


class SmtpSession(smtp_session.SmtpSession):
    """The session that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
