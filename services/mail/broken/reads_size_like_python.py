"""Reads a declared size with `int`: `1_0`, `+5` and `-1` are numbers."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Lets Python read."""

    def judge_size(self, declared: str) -> None:
        """Compare whatever `int` makes of it."""
        if int(declared) > 10 * 1024 * 1024:
            raise smtp_session.Refusal("552 5.3.4 Message too big")


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
