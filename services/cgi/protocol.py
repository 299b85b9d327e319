"""CGI/1.1: the parts of the path that a script gets (RFC 3875 section 4), and what it must print (section 6).

No sockets and no processes here: words in, words out.
"""

import os
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

HEADER_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(r"([2-5]\d\d)(?: (.*))?")

# What the server says about its own connection and message, whatever a script prints.
NOT_THE_SCRIPTS = {
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "status",
    "transfer-encoding",
}


class Reply(NamedTuple):
    """What a script printed, taken apart."""

    status: int
    reason: str | None
    headers: list[tuple[str, str]]
    content: bytes


class NotAReplyError(Exception):
    """What a script printed does not begin with header lines and a blank line."""


def as_it_came(text: str) -> str:
    """Return a piece of a request's head so that a variable gets its octets, which mostly are UTF-8.

    `http.server` reads them as ISO-8859-1, which has a letter for each octet; the environment has UTF-8.
    """
    return os.fsdecode(text.encode("iso-8859-1"))


def path_variables(target: str, prefix: str) -> dict[str, str] | None:
    """Split a request-target into SCRIPT_NAME, PATH_INFO and QUERY_STRING (sections 4.1.5, 4.1.7, 4.1.13).

    SCRIPT_NAME and PATH_INFO are decoded, QUERY_STRING is not: its `%26` and `&` are different things.

    Args:
        target: the request-target, a path, read as ISO-8859-1.
        prefix: where scripts are found, with a slash at both ends.

    Returns:
        None when the path is not below the prefix.
    """
    path, _, query = target.partition("?")
    if not path.startswith(prefix):
        return None
    script, slash, rest = path.removeprefix(prefix).partition("/")
    return {
        "SCRIPT_NAME": prefix + os.fsdecode(unquote_to_bytes(script)),
        "PATH_INFO": os.fsdecode(unquote_to_bytes((slash + rest).encode("iso-8859-1"))),
        "QUERY_STRING": as_it_came(query),
    }


def parse_reply(output: bytes) -> Reply:
    """Take apart what a script printed: header lines, a blank line, the content.

    Lines may end in LF alone: a script prints lines as its system does (section 6.2 allows it).

    Raises:
        NotAReplyError: no blank line, a line that is no header, no header that says what the content
            is, or a `Status` that is no status.
    """
    blank_line = BLANK_LINE.search(output)
    if blank_line is None:
        raise NotAReplyError("no blank line after the headers, or no headers at all")
    headers: list[tuple[str, str]] = []
    for line in output[: blank_line.start()].decode("iso-8859-1").split("\n"):
        match = HEADER_LINE.fullmatch(line.removesuffix("\r"))
        if match is None:
            raise NotAReplyError("a line before the blank line is no header")
        headers.append((match[1], match[2]))
    said = {name.lower(): value for name, value in headers}
    if not said.keys() & {"content-type", "location", "status"}:
        raise NotAReplyError("neither Content-Type, Location nor Status")
    status = STATUS.fullmatch(said.get("status", "302" if "location" in said else "200"))
    if status is None:
        raise NotAReplyError("Status is not a number from 200 to 599")
    kept = [(name, value) for name, value in headers if name.lower() not in NOT_THE_SCRIPTS]
    return Reply(int(status[1]), status[2], kept, output[blank_line.end() :])
