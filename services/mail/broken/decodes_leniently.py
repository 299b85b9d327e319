"""Decodes a login with Python's b64decode as it is: what is no base64 is passed over."""

import base64

from services.mail import server, smtp_session
from services.mail.login import Mechanism


class SmtpSession(smtp_session.SmtpSession):
    """Takes what it can get."""

    def continue_login(self, login: Mechanism, text: str) -> str:
        """Clean the text up first."""
        kept = base64.b64decode(text) if text != "*" else b""
        return super().continue_login(login, base64.b64encode(kept).decode() or text)


if __name__ == "__main__":
    server.main(smtp_session_type=SmtpSession)
