"""Which labs a user means by names and patterns."""

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from labctl.errors import InputError
from labctl.model import validate_lab_name

PATTERN = frozenset("*?[")


def is_pattern(word: str) -> bool:
    """Return whether a word stands for several labs, as `group-a-*` does."""
    return not PATTERN.isdisjoint(word)


def select_labs(words: Iterable[str], existing: Collection[str]) -> list[str]:
    """Return the labs that names and patterns stand for, each once, in the order given.

    Args:
        words: a name stands for itself, whether there is such a lab or not; a pattern (`*`, `?`,
            `[abc]`) for the existing labs that match.
        existing: the names of the labs there are.

    Raises:
        InputError: a name cannot be a lab's, or nothing matches a pattern.
    """
    chosen: dict[str, None] = {}
    for word in words:
        if is_pattern(word):
            matching = [name for name in existing if fnmatchcase(name, word)]
            if not matching:
                there = ", ".join(sorted(existing)[:10]) or "none"
                raise InputError(f"no lab matches {word[:60]!r} (there is: {there})")
            chosen.update(dict.fromkeys(matching))
        else:
            validate_lab_name(word)
            chosen[word] = None
    return list(chosen)
