"""Answers 250 to DATA, as to everything else, where the client waits for 354."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Knows one code for all is well."""

    def do_DATA(self, argument: str) -> str:
        """Say 250 instead of 354."""
        return super().do_DATA(argument).replace("354", "250")


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
