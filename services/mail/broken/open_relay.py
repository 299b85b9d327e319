"""Takes mail for any domain: it would have to relay it."""

from aiosmtpd.smtp import Envelope

from services.mail import server, smtp


class Smtp(smtp.Smtp):
    """Minds the name only."""

    def refusal(self, address: str, envelope: Envelope) -> str:
        """Refuse nobody for the domain."""
        refusal = super().refusal(address, envelope)
        return "" if "Relaying" in refusal else refusal


if __name__ == "__main__":
    server.main(smtp_type=Smtp)
