"""Refuses the empty reverse-path: no report of failure can come in."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Takes no mail from nobody."""

    def do_MAIL(self, argument: str) -> str:
        """Refuse <>."""
        return "501 From whom?" if "<>" in argument else super().do_MAIL(argument)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
