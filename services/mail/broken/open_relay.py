"""Takes mail for any domain: it would have to relay it."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Minds the name only."""

    def refusal_of(self, address: str) -> str:
        """Refuse nobody for the domain."""
        refusal = super().refusal_of(address)
        return "" if "Relaying" in refusal else refusal


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
