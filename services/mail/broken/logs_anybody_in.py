"""Takes any password, as servers do that forget to compare."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Believes everybody."""

    def end_login(self, name: str, password: str) -> str:
        """Take any for the right one."""
        return super().end_login(name, "lab")


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
