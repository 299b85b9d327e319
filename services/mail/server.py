r"""Mail: SMTP takes messages in, POP3 gives the same octets out, and nothing is ever relayed.

Spec:    RFC 5321 (SMTP), RFC 1870 (SIZE), RFC 4954 (AUTH),
         RFC 6531 (SMTPUTF8), RFC 1939 (POP3), RFC 2449 (CAPA)
Model:   asyncio: one process, one loop, a task for each conversation of either kind
Try:     swaks --server smtp --to ana@lab.test   and then   curl pop3://ana:lab@pop3/1
Observe: who gets a message is what RCPT said, whatever its To: line says: envelope against header
Limits:  no TLS, so a password is read by anybody on the way; messages live in memory and end with the server

What is said in SMTP stands in smtp_session.py, in POP3 in protocol.py, how both travel in conversations.py,
where the mail lies in store.py. Nothing is added to a message, not even Received: a learner sees exactly what
was sent. The envelope shows in the log line.
"""

import asyncio
import socket
from functools import partial

from services.accepting import serve_clients
from services.mail.conversations import Conversations, Limits
from services.mail.incoming import TEXT_LINE_OCTETS
from services.mail.protocol import COMMAND_LINE_OCTETS, Session
from services.mail.smtp_session import SmtpSession
from services.mail.store import Store

SMTP_PORT = 25
POP3_PORT = 110
# Silence: RFC 5321 section 4.5.3.2.7, also what a whole message may take to come in; RFC 1939 section 3.
SMTP_LIMITS = Limits(
    "SMTP", TEXT_LINE_OCTETS, 300.0, b"421 4.3.2 Too many conversations, try again later\r\n"
)
POP3_LIMITS = Limits(
    "POP3", COMMAND_LINE_OCTETS, 600.0, b"-ERR [SYS/TEMP] too many conversations, try again later\r\n"
)
BACKLOG = 1024  # a class may knock at once
SILENT_PEER_S = 60  # then the kernel asks whether it is still there: a pulled cable sends no FIN
STUCK_PEER_MS = 120_000  # so long it may acknowledge nothing, or read nothing, then it is dropped


def listen(port: int, family: socket.AddressFamily = socket.AF_INET6) -> socket.socket:
    """Return a listening socket; the connections it accepts inherit its options (tcp(7))."""
    sock = socket.create_server(
        ("", port), family=family, dualstack_ipv6=family == socket.AF_INET6, backlog=BACKLOG
    )
    # Nagle's algorithm would hold back the second line of a reply for 40 ms (RFC 9293 section 3.7.4).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, SILENT_PEER_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_PEER_MS)
    return sock


async def serve(smtp: Conversations, pop3: Conversations, family: socket.AddressFamily) -> None:
    """Listen on both ports and serve until the process is ended."""
    await asyncio.gather(
        serve_clients(listen(SMTP_PORT, family), smtp.converse, SMTP_LIMITS.line_octets),
        serve_clients(listen(POP3_PORT, family), pop3.converse, POP3_LIMITS.line_octets),
    )


def main(
    *,
    store_type: type[Store] = Store,
    smtp_session_type: type[SmtpSession] = SmtpSession,
    session_type: type[Session] = Session,
    conversations_type: type[Conversations] = Conversations,
    family: socket.AddressFamily = socket.AF_INET6,
) -> None:
    """Serve one store by both protocols until SIGTERM, which ends a Python program.

    Any part may be another one, as long as it does the same: that is how broken/ is made.
    """
    store = store_type()
    smtp = conversations_type(partial(smtp_session_type, store), SMTP_LIMITS)
    pop3 = conversations_type(partial(session_type, store), POP3_LIMITS)
    asyncio.run(serve(smtp, pop3, family))


if __name__ == "__main__":
    main()
