"""Drops the whole message when one of its recipients is refused."""

from aiosmtpd.smtp import Envelope

from services.mail import server, smtp


class Smtp(smtp.Smtp):
    """Takes all or none."""

    def refusal(self, address: str, envelope: Envelope) -> str:
        """Forget the sender with the recipient."""
        refusal = super().refusal(address, envelope)
        if refusal:
            envelope.mail_from = None
        return refusal


if __name__ == "__main__":
    server.main(smtp_type=Smtp)
