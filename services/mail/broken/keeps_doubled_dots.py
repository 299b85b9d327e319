"""Keeps the dot that the sender has put before a dot at the start of a line."""

from services.mail import incoming, server, smtp_session


class IncomingMail(incoming.IncomingMail):
    """Knows the lone dot, and nothing else of dots."""

    def add(self, line: bytes) -> bool:
        """Put back the dot that is taken off."""
        doubled = line.startswith(b".") and line != b".\r\n"
        return super().add(b"." + line if doubled else line)


class SmtpSession(smtp_session.SmtpSession):
    """The session that reads so."""

    incoming_type = IncomingMail


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
