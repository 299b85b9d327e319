"""Drops the whole message when one of its recipients is refused."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Takes all or none."""

    def refusal_of(self, address: str) -> str:
        """Forget the sender with the recipient."""
        refusal = super().refusal_of(address)
        if refusal:
            self.forget_envelope()
        return refusal


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
