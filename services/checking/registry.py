"""How a function becomes a check, and how a service's checks are found."""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from services.checking.target import Target

DEFAULT_TIMEOUT_S = 15.0  # three socket timeouts of 5 s: a check that is late is a failed one


@dataclass(frozen=True)
class Check:
    """One rule of a service: its name, its sentence, and the function that tries it."""

    name: str
    sentence: str
    run: Callable[[Target], None]
    needs: str | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S


def check(
    *, needs: str | None = None, timeout_s: float = DEFAULT_TIMEOUT_S
) -> Callable[[Callable[[Target], None]], Check]:
    """Turn a function into a check.

    Args:
        needs: name of an earlier check of the same service; when it does not pass, this one is skipped.
        timeout_s: after this long the check has failed; above zero.

    Raises:
        ValueError: the function has no docstring, so no sentence to show a student.
    """

    def register(function: Callable[[Target], None]) -> Check:
        sentence = (inspect.getdoc(function) or "").partition("\n")[0]
        if not sentence:
            raise ValueError(f"check {function.__name__} has no docstring")
        return Check(function.__name__, sentence, function, needs, timeout_s)

    return register


def has_checks(service: str) -> bool:
    """Tell whether there is a `checks.py`, or a folder `checks`, for a service."""
    try:
        return importlib.util.find_spec(_module_name(service)) is not None
    except ModuleNotFoundError:  # there is no such folder either
        return False


def load_checks(service: str) -> list[Check]:
    """Return the checks of a service, in the order they stand in its `checks.py`.

    Where `checks` is a folder, it names its modules in `PARTS`: then part after part.

    Raises:
        ModuleNotFoundError: the service has neither.
        ValueError: a check needs one that does not stand before it.
    """
    module = importlib.import_module(_module_name(service))
    parts: tuple[ModuleType, ...] = getattr(module, "PARTS", (module,))
    checks = [value for part in parts for value in vars(part).values() if isinstance(value, Check)]
    seen: set[str] = set()
    for each in checks:
        if each.needs is not None and each.needs not in seen:
            raise ValueError(f"{service}: check {each.name} needs {each.needs}, which is not before it")
        seen.add(each.name)
    return checks


def _module_name(service: str) -> str:
    return f"services.{service.replace('-', '_')}.checks"
