"""Lists in HELP what it does not do."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Has copied its help from another server."""

    def do_HELP(self, argument: str) -> str:
        """Name a few more."""
        return super().do_HELP(argument) + " EXPN STARTTLS"


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
