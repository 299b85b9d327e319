"""Offers no SMTPUTF8: whose name is not ASCII gets no mail."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Stopped reading in 2011."""

    def do_EHLO(self, argument: str) -> str:
        """Leave SMTPUTF8 out."""
        lines = super().do_EHLO(argument).split("\r\n")
        return "\r\n".join(line for line in lines if "SMTPUTF8" not in line)

    def do_MAIL(self, argument: str) -> str:
        """Refuse what was not offered."""
        return "555 What is that?" if "SMTPUTF8" in argument else super().do_MAIL(argument)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
