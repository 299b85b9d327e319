"""Takes every recipient at lab.test, also the names that are to be refused."""

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Minds the domain only."""

    def refusal_of(self, address: str) -> str:
        """Refuse what is not at lab.test."""
        refusal = super().refusal_of(address)
        return refusal if "Relaying" in refusal else ""


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
