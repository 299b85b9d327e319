"""Both protocols over either address family."""

import socket

from services.checking import Target, check
from services.mail.client_side import expect_code, expect_ok, fresh_name, pop3_dialogue, smtp_dialogue


@check(needs="smtp_takes_a_message")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """SMTP and POP3 answer over IPv4 and over IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        over_one = target.over(family)
        with smtp_dialogue(over_one) as dialogue:
            expect_code(dialogue.ask(b"NOOP"), b"250")
        if len(target.listens) > 1:
            with pop3_dialogue(over_one, fresh_name()) as dialogue:
                expect_ok(dialogue.ask(b"NOOP"))
