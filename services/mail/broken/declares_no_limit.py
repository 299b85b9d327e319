"""Does not say how big a message may be, and does not read what MAIL declares."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Learns the size of a message when it is there."""

    def do_EHLO(self, argument: str) -> str:
        """Leave SIZE out."""
        lines = super().do_EHLO(argument).split("\r\n")
        return "\r\n".join(line for line in lines if "SIZE" not in line)

    def judge_size(self, declared: str) -> None:
        """Judge nothing."""


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
