r"""The head of a message: request line, header fields, blank line. No sockets here: lines in, values out.

Spec: RFC 9112 sections 2.2 (lines), 2.3 (version), 3 (request line and target) and 5 (field lines),
RFC 9110 sections 4.2 (http URLs) and 5.6.2 (tokens), RFC 3986 section 3 (the parts of a URL)

A server that takes what is malformed has to guess what it means, and the proxy before it may guess
otherwise: then one of them sees two requests where the other sees one (request smuggling). So what the
grammar does not have is refused. The one thing taken beyond it is a line that ends in a line feed alone,
which section 2.2 allows: people type such lines.
"""

import ipaddress
import re
from email.message import Message
from http import HTTPStatus
from http.client import HTTPMessage
from typing import NamedTuple, Protocol

from services.web.errors import RefusedError, bad_request

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FIELD_VALUE = re.compile(r"[\t -~\x80-\xff]*")  # octets, but no control character other than the tab
VERSION = re.compile(r"HTTP/([0-9])\.([0-9])")  # one digit each, in capitals

_ENCODED = "%[0-9A-Fa-f]{2}"
_NAME = rf"(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_ENCODED})"  # what a host's name may consist of
_PATH = rf"(?:[/A-Za-z0-9._~!$&'()*+,;=:@-]|{_ENCODED})*"
_QUERY = rf"(?:\?(?:[/?A-Za-z0-9._~!$&'()*+,;=:@-]|{_ENCODED})*)?"
AUTHORITY = re.compile(rf"(?P<host>\[(?P<literal>[0-9A-Za-z:.]+)\]|{_NAME}*)(?::(?P<port>[0-9]*))?")
ORIGIN_FORM = re.compile(rf"/{_PATH}{_QUERY}")
ABSOLUTE_FORM = re.compile(
    rf"http://(?P<authority>[^/?]+)(?P<path>(?:/{_PATH})?)(?P<query>{_QUERY})", re.IGNORECASE
)


class RequestLine(NamedTuple):
    """The three words of a request's first line."""

    method: str
    target: str
    version: str


class Authority(NamedTuple):
    """A host and, unless it is the scheme's own, a port."""

    host: str
    port: str


class Lines(Protocol):
    """What a head is read from: a file that ends lines in LF."""

    def readline(self) -> bytes:
        """Return the next line with its end; empty at the end of the file."""


def read_line(lines: Lines) -> str | None:
    """Return the next line without its end, a letter for each octet; None at the end of the file.

    Raises:
        RefusedError: it has no end, or a CR within it: some end a line there, and see other fields.
    """
    line = lines.readline()
    if not line:
        return None
    if not line.endswith(b"\n"):
        raise bad_request("the request ends in the middle of a line")
    line = line[:-1].removesuffix(b"\r")
    if b"\r" in line:
        raise bad_request("a CR without its LF (RFC 9112 section 2.2)")
    return line.decode("iso-8859-1")


def parse_request_line(line: str) -> RequestLine:
    """Return method, target and version of a request line.

    A minor version of ours to come is answered as the highest that we know (RFC 9110 section 2.5).

    Raises:
        RefusedError: 400, it is none; 505, it is of another version of HTTP.
    """
    words = line.split(" ")
    if len(words) != 3 or not TOKEN.fullmatch(words[0]):
        raise bad_request("a request line is METHOD TARGET VERSION, one blank between them")
    method, target, text = words
    version = VERSION.fullmatch(text)
    if version is None:
        raise bad_request("the version is not written as HTTP/1.1 is")
    if version[1] != "1":
        raise RefusedError(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here")
    return RequestLine(method, target, "HTTP/1.0" if version[2] == "0" else "HTTP/1.1")


def parse_field_line(line: str) -> tuple[str, str]:
    """Return name and value of a field line; blanks around a value are none of it.

    Raises:
        RefusedError: the name is no token, a blank stands before the colon or the line (a folded one is
            obsolete, RFC 9112 section 5.2), or the value has a control character in it.
    """
    name, colon, value = line.partition(":")
    value = value.strip(" \t")
    if not colon:
        raise bad_request("a field line has no colon (RFC 9112 section 5)")
    if not TOKEN.fullmatch(name):
        raise bad_request("a field's name is a token, its colon right behind it (RFC 9112 section 5.1)")
    if not FIELD_VALUE.fullmatch(value):
        raise bad_request("a field's value has a control character in it (RFC 9110 section 5.5)")
    return name, value


def read_fields(lines: Lines) -> HTTPMessage:
    """Return the fields up to the blank line, which is read as well.

    Raises:
        RefusedError: one is malformed, or the blank line does not come.
    """
    fields = HTTPMessage()
    while line := read_line(lines):
        name, value = parse_field_line(line)
        fields[name] = value  # adds a field: an earlier one of that name stays
    if line is None:
        raise bad_request("the request ends before its blank line")
    return fields


def list_of(fields: Message, name: str) -> list[str]:
    """Return the members of a list, in lower case, over all lines of that name (RFC 9110 section 5.6.1)."""
    members = ",".join(fields.get_all(name, [])).split(",")
    return [member.strip(" \t").lower() for member in members if member.strip(" \t")]


def parse_authority(text: str) -> Authority:
    """Return the host and the port of `static`, `static:8080` or `[fd6c:6162::5]:80`.

    Raises:
        RefusedError: it is no host with or without a port (RFC 3986 section 3.2.2); a user's name before
            it is refused too (RFC 9110 section 4.2.4).
    """
    match = AUTHORITY.fullmatch(text)
    if match is None:
        raise bad_request("not a host, with or without a port (RFC 3986 section 3.2.2)")
    if match["literal"]:
        try:
            ipaddress.IPv6Address(match["literal"])
        except ValueError:
            raise bad_request("what stands in brackets is no IPv6 address") from None
    return Authority(match["host"], match["port"] or "")


def check_host(request: RequestLine, fields: Message) -> None:
    """Ask for one Host in HTTP/1.1, for not more than one in HTTP/1.0, and for one that is a host.

    Raises:
        RefusedError: it is not so (RFC 9112 section 3.2).
    """
    hosts = fields.get_all("Host", [])
    # A CONNECT names its host in the target already, and clients leave Host out.
    needed = request.version == "HTTP/1.1" and request.method != "CONNECT"
    if len(hosts) > 1 or (needed and not hosts):
        raise bad_request(f"{len(hosts)} Host fields: HTTP/1.1 asks for one (RFC 9112 section 3.2)")
    for host in hosts:
        parse_authority(host)


def split_absolute_form(target: str) -> tuple[str, str]:
    """Return authority and path of `http://static/page?x`: `static` and `/page?x`.

    Raises:
        RefusedError: it is no http URL, or one without a host (RFC 9110 section 4.2.1).
    """
    match = ABSOLUTE_FORM.fullmatch(target)
    if match is None or not parse_authority(match["authority"]).host:
        raise bad_request("not a URL of http://HOST/PATH (RFC 9112 section 3.2.2)")
    return match["authority"], (match["path"] or "/") + match["query"]


def check_target(request: RequestLine) -> tuple[str, str]:
    """Return the path of a target in the form that its method has, and the host, if it names one.

    The four forms are those of RFC 9112 section 3.2: a path; a whole URL; HOST:PORT for CONNECT;
    `*` for OPTIONS, which asks for the server itself.

    Raises:
        RefusedError: it has another form, or a character that stands in no URL and is to be percent-encoded.
    """
    method, target, _ = request
    if "%00" in target:
        raise bad_request("NUL in the request-target: no file and no program has such a name")
    if method == "CONNECT":
        if not parse_authority(target).port:
            raise bad_request("CONNECT is asked for HOST:PORT (RFC 9112 section 3.2.3)")
        return target, target
    if target == "*" and method == "OPTIONS":
        return target, ""
    if ORIGIN_FORM.fullmatch(target):
        return target, ""
    if target.startswith("/") or "://" not in target:
        raise bad_request("the request-target is no path, or has an octet that needs percent-encoding")
    authority, path = split_absolute_form(target)
    return path, authority
