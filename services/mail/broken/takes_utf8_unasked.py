"""Takes an address beyond ASCII from a client that has not said SMTPUTF8."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Thinks that everybody speaks UTF-8 now."""

    def require_ascii(self, address: str, utf8: bool) -> None:
        """Require nothing."""


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
