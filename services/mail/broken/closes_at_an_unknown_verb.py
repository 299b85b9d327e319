"""Ends the conversation at the first command it does not know."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Does not forgive."""

    def bad(self, reply: str) -> smtp_session.Refusal:
        """Reply, and leave."""
        self.ending = "sent away"
        return smtp_session.Refusal(reply)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
