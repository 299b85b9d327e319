"""The errors that a user sees: what, where, the evidence, and what to type next.

One base class, so that one `except` at the top suffices. No traceback of an expected error ever
reaches a user, so the words here are all they get.
"""

from labctl.escaping import escape_line

shown = escape_line  # the name by which most of labctl knows it


class LabError(Exception):
    """Something went wrong that a user can understand and mend.

    Attributes:
        what: one sentence without a full stop.
        where: the place: a lab, a service, a file and line.
        log: the evidence, as the other side put it.
        hint: a command to paste.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", log: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.log = log
        self.hint = hint

    def render(self) -> str:
        """Return the error as a user reads it: a line a fact, and only those there are."""
        facts = (("where", self.where), ("log", self.log), ("try", self.hint))
        lines = [f"error: {self.what}"]
        lines += [f"{name:>6}: {line}" for name, fact in facts for line in fact.splitlines()]
        return "\n".join(map(shown, lines))


class UnhealthyError(LabError):
    """A lab, or a service of it, is not what it should be."""


class InputError(LabError):
    """A word, a name or a file the user gave cannot be used; always one line."""

    exit_code = 2

    def render(self) -> str:
        """Return `error: WHERE: WHAT (try: HINT)`."""
        where = f"{self.where}: " if self.where else ""
        hint = f" (try: {self.hint})" if self.hint else ""
        return shown(f"error: {where}{self.what}{hint}")


class ComposeFileError(InputError):
    """The Compose file cannot be used; `where` is `file:line`."""


class EngineUnavailableError(LabError):
    """There is no Docker Engine that can be used, or it cannot be made usable."""

    exit_code = 3


class EngineError(LabError):
    """The Docker Engine refused or failed to do something."""


class SeveralErrors(LabError):
    """Several things failed side by side; each is listed with its own cause."""

    def __init__(self, errors: list[LabError]) -> None:
        super().__init__(f"{len(errors)} things failed")
        self.errors = errors
        self.exit_code = max(error.exit_code for error in errors)

    def render(self) -> str:
        """Return the errors one under the other."""
        return "\n".join(error.render() for error in self.errors)
