"""Takes every recipient at lab.test, also the names that are to be refused."""

from aiosmtpd.smtp import Envelope

from services.mail import server, smtp


class Smtp(smtp.Smtp):
    """Minds the domain only."""

    def refusal(self, address: str, envelope: Envelope) -> str:
        """Refuse what is not at lab.test."""
        refusal = super().refusal(address, envelope)
        return refusal if "Relaying" in refusal else ""


if __name__ == "__main__":
    server.main(smtp_type=Smtp)
