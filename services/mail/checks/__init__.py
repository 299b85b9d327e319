"""What makes SMTP and POP3 over one store right (RFC 5321, RFC 1939, and the lab's own rules).

A target listens on two ports: SMTP first, then POP3. Somebody's own server that has only the first is
asked only what SMTP alone can answer. Each check writes to a maildrop nobody else knows.
"""

from services.mail.checks import delivery, families, pop3, smtp

PARTS = (smtp, delivery, pop3, families)
