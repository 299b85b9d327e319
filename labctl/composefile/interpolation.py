r"""Variables: `${NAME:-default}` and its kin, in a Compose file and in files of variables.

Stricter than Compose in one place, so that no lab differs from what its file says: in a Compose file a
variable that is not set and has no default is an error (Compose warns and goes on with nothing).
"""

import re
from collections.abc import Mapping

# No value of a Compose file is longer. Without a bound, forty lines of `.env`, each twice the one
# before it, fill the memory.
MAX_CHARACTERS = 65_536
MAX_DEPTH = 10  # of defaults within defaults

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?")


class InterpolationError(ValueError):
    """A variable cannot be put in; the message is a sentence, `hint` what to type."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


def interpolate(text: str, variables: Mapping[str, str], *, unset: str | None = None, depth: int = 0) -> str:
    r"""Return a text with its variables put in.

    Args:
        text: may hold `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${NAME:+word}`
            (without the colon, an empty variable counts as set) and `$$` for a dollar. A default or
            word may hold variables itself.
        variables: those that are set.
        unset: what a variable that is not set and has no default stands for; None: an error.
        depth: in how many defaults this text stands.

    Raises:
        InterpolationError: the grammar is broken, a variable is needed and not set, or the result
            is too long.
    """
    if depth > MAX_DEPTH:
        raise InterpolationError(f"defaults stand in defaults more than {MAX_DEPTH} deep")
    pieces: list[str] = []
    end = length = 0
    while (at := text.find("$", end)) >= 0:
        pieces.append(text[end:at])
        if text.startswith("$$", at):
            value, end = "$", at + 2
        elif bare := _NAME.match(text, at + 1):
            value, end = _value(bare[0], "", "", variables, unset, depth), bare.end()
        else:
            name, operator, word, end = _split_braced(text, at + 1)
            value = _value(name, operator, word, variables, unset, depth)
        pieces.append(value)
        length += len(value)
        if length > MAX_CHARACTERS:
            raise InterpolationError("its variables make it too long")
    return "".join([*pieces, text[end:]])


def _split_braced(text: str, at: int) -> tuple[str, str, str, int]:
    """Return name, operator and word of the `{...}` that begins here, and where it ends."""
    head = _BRACED.match(text, at)
    if head is not None:
        depth, end = 1, head.end()
        while depth and end < len(text):
            if text.startswith("${", end):
                depth, end = depth + 1, end + 2
            else:
                depth, end = depth - (text[end] == "}"), end + 1
        word = text[head.end() : end - 1]
        if not depth and (head[2] or not word):
            return head[1], head[2] or "", word, end
    raise InterpolationError("a '$' that begins no variable such as ${NAME}; write '$$' for a dollar")


def _value(
    name: str, operator: str, word: str, variables: Mapping[str, str], unset: str | None, depth: int
) -> str:
    """Return what one `$...` stands for."""
    value = variables.get(name)
    is_set = value is not None and (value != "" or ":" not in operator)
    if (operator[-1:] == "+" and is_set) or (operator[-1:] == "-" and not is_set):
        return interpolate(word, variables, unset=unset, depth=depth + 1)
    if operator[-1:] == "+":
        return ""
    if operator[-1:] == "?" and not is_set:
        raise InterpolationError(f"variable {name} is required: {' '.join(word.split())}".rstrip(": "))
    if value is not None:
        return value
    if unset is not None:
        return unset
    raise InterpolationError(
        f"variable {name} is not set and has no default", f"export {name}=... or write ${{{name}:-...}}"
    )
