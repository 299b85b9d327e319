"""SMTP's grammar of addresses and parameters, and which maildrop an address means.

Spec: RFC 5321 sections 4.1.2 (paths), 4.1.1.11 (parameters), 4.5.3.1 (lengths); RFC 6531 section 3.3 (UTF-8)
"""

import re
import unicodedata

_UTF8 = "\u0080-\U0010ffff"  # SMTPUTF8 adds all of these to atoms, quoted strings and domains
_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{_UTF8}-]+"
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"'
_LABEL = rf"[A-Za-z0-9{_UTF8}](?:[A-Za-z0-9{_UTF8}-]*[A-Za-z0-9{_UTF8}])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[!-Z^-~]+\])"
_MAILBOX = rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@{_DOMAIN}"
_ROUTE = rf"(?:@{_DOMAIN}(?:,@{_DOMAIN})*:)?"  # from the time of relays; to be ignored (appendix C)

# Brackets left out and blanks before them are none of the grammar; people who type mail by hand need them.
_PATH = re.compile(
    rf" *(?:<{_ROUTE}(?P<path>{_MAILBOX}|postmaster|)>|(?P<bare>{_MAILBOX}))(?= |$)", re.IGNORECASE
)
_PARAMETER = re.compile(r"(?P<keyword>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~]+))?")

LOCAL_PART_OCTETS = 64
PATH_OCTETS = 254  # 256 with its brackets


class BadSyntax(Exception):
    """The text follows no rule of the grammar; it says which one was looked for."""


def parse_path(text: str) -> tuple[str, dict[str, str]]:
    """Return address and parameters of what follows `FROM:` or `TO:`; the address of `<>` is empty.

    Raises:
        BadSyntax: it is no path, or what follows it is no list of parameters.
    """
    found = _PATH.match(text)
    if not found:
        raise BadSyntax("an address looks like <name@domain>")
    address = found["path"] if found["bare"] is None else found["bare"]
    local_part = address.rpartition("@")[0]
    if len(local_part.encode()) > LOCAL_PART_OCTETS or len(address.encode()) > PATH_OCTETS:
        raise BadSyntax(f"before the @ {LOCAL_PART_OCTETS} octets at most, {PATH_OCTETS} in all")
    return address, parse_parameters(text[found.end() :])


def parse_parameters(text: str) -> dict[str, str]:
    """Return parameters by keyword, in capitals; the value of one without any is empty.

    Raises:
        BadSyntax: they are none, or one stands twice.
    """
    parameters: dict[str, str] = {}
    for word in filter(None, text.split(" ")):
        found = _PARAMETER.fullmatch(word)
        if not found:
            raise BadSyntax("a parameter looks like KEYWORD or KEYWORD=value")
        keyword = found["keyword"].upper()
        if keyword in parameters:
            raise BadSyntax(f"{keyword} stands twice")
        parameters[keyword] = found["value"] or ""
    return parameters


def maildrop_name(text: str) -> str:
    """Return the name of a maildrop: upper and lower case are the same here.

    So are a letter with its accent in one character and in two (Unicode's NFC): they look the same.
    """
    return unicodedata.normalize("NFC", text.strip('" ').lower())


def local_part(address: str) -> str:
    """Return the maildrop that an address means."""
    return maildrop_name(address.rpartition("@")[0] or address)
