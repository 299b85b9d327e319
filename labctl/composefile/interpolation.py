r"""Variables: `${NAME:-default}` and its kin in a Compose file, and the `.env` file beside it.

Stricter than Compose in two places, so that no lab differs from what its file says: a variable that
is not set and has no default is an error (Compose warns and goes on with nothing), and a default
holds no variable itself.
"""

import re
from collections.abc import Mapping

from labctl.errors import InputError

# No value of a Compose file is longer. Without a bound, forty lines of `.env`, each twice the one
# before it, fill the memory.
MAX_CHARACTERS = 65_536

_VARIABLE = re.compile(
    r"""\$(?:
        (?P<dollar>\$)
      | (?P<bare>[A-Za-z_][A-Za-z0-9_]*)
      | \{ (?P<braced>[A-Za-z_][A-Za-z0-9_]*) (?: (?P<operator>:?[-?+]) (?P<word>[^}]*) )? \}
      | (?P<invalid>)
    )""",
    re.VERBOSE,
)
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<text>[^'"\\]*)(?P=quote)\s*(?:#.*)?""")


class InterpolationError(ValueError):
    """A variable cannot be put in; the message is a sentence, `hint` what to type."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


def interpolate(text: str, variables: Mapping[str, str]) -> str:
    r"""Return a text with its variables put in.

    Args:
        text: may hold `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${NAME:+word}`
            (without the colon, an empty variable counts as set) and `$$` for a dollar.
        variables: those that are set.

    Raises:
        InterpolationError: the grammar is broken, a variable is needed and not set, or the result
            is too long.
    """
    pieces: list[str] = []
    end = length = 0
    for match in _VARIABLE.finditer(text):
        pieces += text[end : match.start()], _value(match, variables)
        end = match.end()
        length += len(pieces[-1])
        if length > MAX_CHARACTERS:
            raise InterpolationError("its variables make it too long")
    return "".join([*pieces, text[end:]])


def _value(match: re.Match[str], variables: Mapping[str, str]) -> str:
    """Return what one `$...` stands for."""
    if match["dollar"]:
        return "$"
    name = match["bare"] or match["braced"]
    if name is None:
        raise InterpolationError("a '$' that begins no variable such as ${NAME}; write '$$' for a dollar")
    operator, word = match["operator"] or "", match["word"] or ""
    if "$" in word:
        raise InterpolationError(f"the word after ${{{name}{operator} holds a variable itself")
    value = variables.get(name)
    is_set = value is not None and (value != "" or ":" not in operator)
    match operator[-1:]:
        case "-":
            return value if value is not None and is_set else word
        case "+":
            return word if is_set else ""
        case "?" if not is_set:
            raise InterpolationError(f"variable {name} is required: {' '.join(word.split())}".rstrip(": "))
    if value is None:
        raise InterpolationError(
            f"variable {name} is not set and has no default", f"export {name}=... or write ${{{name}:-...}}"
        )
    return value


def read_variables(text: str, file_name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a `.env` file's text with those of the environment, which win.

    Args:
        text: `NAME=value` a line; `#` comments, `export` and quotes as a shell has them. A value
            may use variables unless it stands in single quotes.
        file_name: what an error calls the file.
        environ: the environment.

    Raises:
        InputError: a line is none of these.
    """
    variables = dict(environ)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        where = f"{file_name}:{number}"
        assignment = _ASSIGNMENT.fullmatch(line)
        if assignment is None:
            raise InputError("a line that is not NAME=value", where=where)
        name, value = assignment.groups()
        quoted = _QUOTED.fullmatch(value)
        if quoted is None and value[:1] in ("'", '"'):
            raise InputError(f"the quotes of {name} do not match, or hold quotes or backslashes", where=where)
        value = quoted["text"] if quoted else re.split(r"(?:^|\s)#", value, maxsplit=1)[0].rstrip()
        if quoted is None or quoted["quote"] == '"':
            try:
                value = interpolate(value, variables)
            except InterpolationError as error:
                raise InputError(f"{name}: {error}", where=where, hint=error.hint) from None
        if name not in environ:
            variables[name] = value
    return variables
