"""Refuses the empty reverse-path: no report of failure can come in."""

from aiosmtpd.smtp import Envelope, Session

from services.mail import server, smtp


class Smtp(smtp.Smtp):
    """Takes no mail from nobody."""

    async def handle_MAIL(
        self,
        server: smtp.Conversation,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Refuse <>."""
        if address == "<>":
            return "501 From whom?"
        envelope.mail_from = address
        return "250 OK"


if __name__ == "__main__":
    server.main(smtp_type=Smtp)
