"""The grammar of a proxy's work, with no socket in it: request-targets, and which headers go on.

Spec: RFC 9112 section 3.2 (request-target), RFC 9110 sections 7.6.1 (Connection) and 7.6.3 (Via)
"""

import re
from collections.abc import Iterable
from email.message import Message
from typing import NamedTuple

from services.web.errors import bad_request
from services.web.head import parse_authority, split_absolute_form

# A host by name or address. No percent sign and nothing else that a URL may have: what is not understood
# in just one way is refused.
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+")

# They speak of one connection, not of the message, so they end here: RFC 9110 section 7.6.1, and those
# that came before it. `Transfer-Encoding` is one: how a content is framed is told anew on each connection.
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


class Destination(NamedTuple):
    """Where a request is to go, and what to ask for there."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says: `static`, `static:8080`, `[fd6c:6162::5]`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 80 else f"{host}:{self.port}"


def parse_absolute_form(target: str) -> Destination:
    """Return where `http://static/page.html` leads.

    Raises:
        RefusedError: it is no such target.
    """
    authority, path = split_absolute_form(target)
    return _destination(authority, path)


def parse_authority_form(target: str) -> Destination:
    """Return where the `mail:25` of a CONNECT leads.

    Raises:
        RefusedError: it is no such target.
    """
    return _destination(target, "/")


def _destination(authority: str, path: str) -> Destination:
    host, port_text = parse_authority(authority)
    port = int((port_text or "80")[:6])
    if not _HOST.fullmatch(host) or not 0 < port < 65536:
        raise bad_request("a proxy is asked for http://HOST/PATH or HOST:PORT")
    return Destination(host.strip("[]"), port, path)


def fields_to_pass_on(headers: Message, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the headers that are for the other end: not those for us, which Connection may name more of.

    Args:
        headers: as they came.
        without: names of others to leave out, in lower case.
    """
    ours = HOP_BY_HOP | set(without)
    for value in headers.get_all("Connection", []):
        ours |= {name.strip().lower() for name in value.split(",")}
    return [(name, value) for name, value in headers.items() if name.lower() not in ours]


def has_passed(headers: Message, name: str) -> bool:
    """Tell whether the Via headers name us: then the request goes round in a circle."""
    recipients = ",".join(headers.get_all("Via", [])).split(",")
    return any(name in recipient.split()[1:2] for recipient in recipients)
