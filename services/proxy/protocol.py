"""The grammar of a proxy's work, with no socket in it: request-targets, and which headers go on.

Spec: RFC 9112 section 3.2 (request-target), RFC 9110 sections 7.6.1 (Connection) and 7.6.3 (Via)
"""

import re
from collections.abc import Iterable
from email.message import Message
from typing import NamedTuple

# A host by name, IPv4 address, or IPv6 address in brackets. No user's name, no zone, no percent sign:
# what is not understood in just one way is refused.
_HOST = r"(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+)"
_ABSOLUTE_FORM = re.compile(
    rf"http://{_HOST}(?::(?P<port>\d*))?(?P<rest>[/?][^#]*)?", re.ASCII | re.IGNORECASE
)
_AUTHORITY_FORM = re.compile(rf"{_HOST}:(?P<port>\d+)", re.ASCII)

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
_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # a token (RFC 9110 section 5.6.2)


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
        ValueError: it is no such target.
    """
    return _destination(_ABSOLUTE_FORM.fullmatch(target))


def parse_authority_form(target: str) -> Destination:
    """Return where the `mail:25` of a CONNECT leads.

    Raises:
        ValueError: it is no such target.
    """
    return _destination(_AUTHORITY_FORM.fullmatch(target))


def _destination(match: re.Match[str] | None) -> Destination:
    if match is None:
        raise ValueError("not a target")
    port = int((match["port"] or "80")[:6])
    if not 0 < port < 65536:
        raise ValueError("not a port")
    rest = match.groupdict().get("rest") or "/"
    return Destination(match["host"].strip("[]"), port, rest if rest.startswith("/") else f"/{rest}")


def fields_to_pass_on(headers: Message, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the headers that are for the other end: not those for us, which Connection may name more of.

    Args:
        headers: as they came.
        without: names of others to leave out, in lower case.

    Raises:
        ValueError: one is malformed, and would be another one on the next connection.
    """
    ours = HOP_BY_HOP | set(without)
    for value in headers.get_all("Connection", []):
        ours |= {name.strip().lower() for name in value.split(",")}
    fields = [(name, value) for name, value in headers.items() if name.lower() not in ours]
    if headers.defects or any(not _FIELD_NAME.fullmatch(name) for name, _ in fields):
        raise ValueError("a header without a name")
    if any(octet in value for _, value in fields for octet in "\0\r\n"):
        raise ValueError("a header with a line's end in it")
    return fields


def declared_length(headers: Message) -> int | None:
    """Return what Content-Length says, if it is a number."""
    text = headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def has_passed(headers: Message, name: str) -> bool:
    """Tell whether the Via headers name us: then the request goes round in a circle."""
    recipients = ",".join(headers.get_all("Via", [])).split(",")
    return any(name in recipient.split()[1:2] for recipient in recipients)
