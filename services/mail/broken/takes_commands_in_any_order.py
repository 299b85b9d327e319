"""Takes RCPT without MAIL: no order is kept."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Never says 503 to RCPT."""

    def do_RCPT(self, argument: str) -> str:
        """Pretend that there was a MAIL."""
        self.sender = self.sender or ""
        return super().do_RCPT(argument)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
