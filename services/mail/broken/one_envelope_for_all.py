"""Keeps the envelope in one place: clients that send at the same time share it."""

from typing import ClassVar

from services.mail import server, smtp_session


class SmtpSession(smtp_session.SmtpSession):
    """Keeps the recipients in the class: `self.recipients` is everybody's."""

    recipients: ClassVar[list[str]] = []  # type: ignore[misc]

    def forget_envelope(self) -> None:
        """Empty the one list there is."""
        self.sender, self.utf8 = None, False
        self.recipients.clear()


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
