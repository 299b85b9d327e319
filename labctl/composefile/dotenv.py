r"""Files of variables, as Compose reads them: the `.env` beside a Compose file, and a service's `env_file`.

NAME=value # comment        variables are put in; a comment begins after a space
NAME="it's \"so\"\n$OTHER"  escapes and variables; may go on over several lines
NAME='as it stands, $5'     only \' means something else than itself; several lines, too
NAME: value                 as in YAML
NAME                        the environment's, if it has one
"""

import re
from collections.abc import Mapping

from labctl.composefile.interpolation import InterpolationError, interpolate
from labctl.errors import InputError

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_EXPORT = re.compile(r"export[^\S\n]+(?=[^\s=:])")
# A name begins with no sign that begins something else; Compose takes hyphens, dots and brackets, too.
_NAME = re.compile(r"([A-Za-z0-9_.\[\]-]+)[^\S\n]*(?:([=:])[^\S\n]*|(?=\n|#|\Z))")
_UNQUOTED = re.compile(r"[^\n]*")
_COMMENT = re.compile(r"(?:^|\s)#")
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL),
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "$": "$$"}  # the last one for interpolation to read


def parse_dotenv(text: str, file_name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a file's text sets, in its order.

    Args:
        text: of the file.
        file_name: what an error calls it.
        environ: the environment: values may use its variables, which win over the file's own.

    Raises:
        InputError: a line is none that Compose reads; its number is in `where`.
    """
    text = text.replace("\r\n", "\n")
    found: dict[str, str] = {}
    at = _end(_BLANK, text, 0)
    while at < len(text):
        where = f"{file_name}:{text.count(chr(10), 0, at) + 1}"
        name = _NAME.match(text, _end(_EXPORT, text, at))
        if name is None:
            raise InputError("a line that is not NAME=value", where=where)
        if name[2] is None:
            if name[1] in environ:
                found[name[1]] = environ[name[1]]
            at = name.end()
        else:
            try:
                found[name[1]], at = _read_value(text, name.end(), {**found, **environ})
            except InterpolationError as error:
                raise InputError(f"{name[1][:60]}: {error}", where=where, hint=error.hint) from None
        at = _end(_BLANK, text, at)
    return found


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return where a match that begins here ends; here, when there is none."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _read_value(text: str, at: int, variables: Mapping[str, str]) -> tuple[str, int]:
    """Return the value that begins here, and where it ends."""
    quote = text[at : at + 1]
    if quote not in _QUOTED:
        line = _UNQUOTED.match(text, at)
        assert line is not None  # it matches nothing, too
        value = _COMMENT.split(line[0], maxsplit=1)[0].rstrip()
        return interpolate(value, variables, unset=""), line.end()
    quoted = _QUOTED[quote].match(text, at)
    if quoted is None:
        raise InterpolationError(f"the quote {quote} has no end")
    if quote == "'":
        return quoted[1].replace("\\'", "'"), quoted.end()
    value = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), quoted[1])
    return interpolate(value, variables, unset=""), quoted.end()
