r"""Mail: SMTP takes messages in, POP3 gives the same octets out, and nothing is ever relayed.

Spec:    RFC 5321 (SMTP), RFC 1870 (SIZE), RFC 2920 (PIPELINING), RFC 1939 (POP3), RFC 2449 (CAPA)
Model:   asyncio: one process, one loop, a task for each conversation of either kind
Try:     swaks --server smtp --to ana@lab.test   and then   curl pop3://ana:lab@pop3/1
Observe: who gets a message is what RCPT said, whatever its To: line says: envelope against header
Limits:  no TLS, no SMTP AUTH, no SMTPUTF8; messages live in memory and end with the server

SMTP on aiosmtpd (smtp.py), POP3 by hand (pop3.py), what the octets mean in protocol.py, where the
mail lies in store.py. Nothing is added to a message, not even Received: a learner sees exactly what
was sent. The envelope shows in the log line.
"""

import asyncio
import logging
import socket

from services.mail.pop3 import Pop3
from services.mail.protocol import COMMAND_LINE_OCTETS, Session
from services.mail.smtp import Conversation, Smtp
from services.mail.store import Store

SMTP_PORT = 25
POP3_PORT = 110
BACKLOG = 1024  # asyncio's own is 100: a class may knock at once
SILENT_PEER_S = 60  # then the kernel asks whether it is still there: a pulled cable sends no FIN
STUCK_PEER_MS = 120_000  # so long it may acknowledge nothing, or read nothing, then it is dropped


def listen(port: int, family: socket.AddressFamily = socket.AF_INET6) -> socket.socket:
    """Return a listening socket; the connections it accepts inherit its options (tcp(7))."""
    sock = socket.create_server(("", port), family=family, dualstack_ipv6=family == socket.AF_INET6)
    # Nagle's algorithm would hold back the second line of a reply for 40 ms (RFC 9293 section 3.7.4).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, SILENT_PEER_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_PEER_MS)
    return sock


async def serve(smtp: Smtp, pop3: Pop3, family: socket.AddressFamily = socket.AF_INET6) -> None:
    """Listen on both ports and serve until the process is ended."""
    logging.getLogger("mail.log").disabled = True  # aiosmtpd's: it has a line for every command
    loop = asyncio.get_running_loop()
    await loop.create_server(smtp.new_conversation, sock=listen(SMTP_PORT, family), backlog=BACKLOG)
    server = await asyncio.start_server(
        pop3.converse, sock=listen(POP3_PORT, family), limit=COMMAND_LINE_OCTETS, backlog=BACKLOG
    )
    await server.serve_forever()


def main(
    *,
    store_type: type[Store] = Store,
    smtp_type: type[Smtp] = Smtp,
    conversation_type: type[Conversation] = Conversation,
    pop3_type: type[Pop3] = Pop3,
    session_type: type[Session] = Session,
    family: socket.AddressFamily = socket.AF_INET6,
) -> None:
    """Serve one store by both protocols until SIGTERM, which ends a Python program.

    Any part may be another one, as long as it does the same: that is how broken/ is made.
    """
    store = store_type()
    asyncio.run(serve(smtp_type(store, conversation_type), pop3_type(store, session_type), family))


if __name__ == "__main__":
    main()
