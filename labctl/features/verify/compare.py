"""What differs between two fingerprints, in words: a pure function."""

from collections.abc import Mapping

from labctl.features.verify.facts import Facts

# For each kind: its name, and what it means that it is there or not. Other kinds have the same words.
WORDS = {
    "process": ("process", "runs", "does not run"),
    "file": ("file", "is there", "is missing"),
    "socket": ("socket", "listens", "does not listen"),
    "ipc": ("", "is there", "is missing"),
    "variable": ("variable", "is set", "is not set"),
    "network": ("", "is there", "is missing"),
    "limit": ("limit", "is set", "is not set"),
}


def find_differences(pristine: Facts, found: Facts) -> tuple[str, ...]:
    """Return in words what was found and should not be, what is missing, and what is otherwise.

    Args:
        pristine: how it should be.
        found: how it is.
    """
    told: list[str] = []
    for kind in [*pristine, *(each for each in found if each not in pristine)]:
        told += _of_kind(kind, pristine.get(kind, {}), found.get(kind, {}))
    return tuple(told)


def _of_kind(
    kind: str, pristine: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]]
) -> list[str]:
    word, there, missing = WORDS.get(kind, (kind, "is there", "is missing"))
    told = [f"{_called(word, name)} {there}" for name in found if name not in pristine]
    told += [f"{_called(word, name)} {missing}" for name in pristine if name not in found]
    for name in pristine.keys() & found.keys():
        was, now = pristine[name], found[name]
        told += [
            f"{_called(word, name)}: {each} is {now.get(each, 'none')} instead of {was.get(each, 'none')}"
            for each in sorted(was.keys() | now.keys())
            if was.get(each) != now.get(each)
        ]
    return sorted(told)


def _called(word: str, name: str) -> str:
    """Name a fact in one line: a name with blanks or what cannot be printed is quoted and escaped."""
    shown = name if name.isprintable() and (not word or " " not in name) else repr(name)
    return f"{word} {shown}".lstrip()
