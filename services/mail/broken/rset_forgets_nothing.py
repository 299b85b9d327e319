"""Says OK to RSET and keeps the envelope."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Takes RSET for another NOOP."""

    def do_RSET(self, argument: str) -> str:
        """Answer, and that is all."""
        return "250 OK"


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
