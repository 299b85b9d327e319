"""Compares SMTP's verbs as they came: `noop` is not `NOOP`."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Does not know a verb in lower case."""

    def carry_out(self, line: bytes) -> str:
        """Make it one that nobody knows."""
        return super().carry_out(line if line[:4].isupper() else b"NOT-" + line)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
