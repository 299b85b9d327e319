"""Reads what the checker writes (services/checking/__main__.py has the format); believes what is whole.

The checker announces which checks it will run. Exactly those must come back, once each; whatever is
missing, double or unknown becomes a broken check, so that no verdict is green with a line lost.
"""

import json
from collections.abc import Iterator

from labctl.errors import InputError
from labctl.features.checks.result import CheckResult, broken_run, parse_result

FORMAT = "labctl-checks/1"
EVIDENCE_LINES = 12


class Transcript:
    """The checker's lines so far, and what is still awaited.

    Attributes:
        is_done: whether the checker has said its last line.
    """

    def __init__(self, lab: str) -> None:
        self._lab = lab
        self._awaited: dict[tuple[str, str], None] | None = None  # in their order; None: not announced yet
        self._count = 0
        self.is_done = False
        self._faults: list[str] = []
        self._evidence: list[str] = []

    def note(self, line: str) -> None:
        """Keep a line of standard error, as evidence should the run break."""
        self._evidence = [*self._evidence, line][-EVIDENCE_LINES:]

    def read(self, line: str) -> CheckResult | None:
        """Take a line of standard output; return the result in it, if that is what it holds.

        Raises:
            InputError: there is no host of the name that was to be checked.
        """
        try:
            told = json.loads(line)
            [(kind, _)] = [each for each in told.items() if each[0] != "planned"]
        except (ValueError, AttributeError, RecursionError):
            kind, told = "", {}
        if self.is_done:
            self._fault("a line after the last one", line)
        elif kind == "unknown_host" and self._awaited is None:
            raise InputError(
                f"there is no host {str(told[kind])[:80]!r} in lab '{self._lab}', so nothing was judged",
                where="--against",
                hint=f"labctl status {self._lab}",
            )
        elif kind == "format" and self._awaited is None:
            self._announce(told, line)
        elif kind == "result" and self._awaited is not None:
            return self._take(told["result"], line)
        elif kind == "done" and self._awaited is not None:
            self.is_done = True
            if told["done"] != self._count:
                self._fault(f"it counted other than {self._count} results", line)
        else:
            self._fault("a line that is not of the format", line)
        return None

    def finish(self, cause: str) -> Iterator[CheckResult]:
        """Yield what the run still owes.

        Args:
            cause: why the checker did not come to its end, if that is known.
        """
        awaited = list(self._awaited or ())
        if self.is_done:
            for service, check in awaited:
                told = "the checker announced this check and reported nothing of it"
                yield CheckResult(self._lab, service, check, told, "broken", "a result", "none", "", 0.0)
        else:
            told = "\n".join([cause or "it ended before its last line", *self._evidence])
            sentence = "The checker comes to its end."
            yield broken_run(self._lab, "comes_to_its_end", sentence, told, "type the same again")
            for service, check in awaited:
                hint = "not judged: the checker ended before it"
                yield CheckResult(self._lab, service, check, "It was not run.", "skipped", "", "", hint, 0.0)
        if self._faults:
            sentence = "The checker reports each announced check once, and nothing else."
            yield broken_run(self._lab, "reports_whole", sentence, "\n".join(self._faults[:EVIDENCE_LINES]))

    def _announce(self, told: dict[str, object], line: str) -> None:
        planned = told.get("planned")
        if told["format"] != FORMAT or not isinstance(planned, list):
            self._fault(f"it does not speak {FORMAT}", line)
            return
        self._awaited = {}
        for each in planned:
            match each:
                case [str(service), str(check)] if (service, check) not in self._awaited:
                    self._awaited[service, check] = None
                case _:
                    self._fault("a check announced twice, or not by its name", line)

    def _take(self, told: object, line: str) -> CheckResult | None:
        assert self._awaited is not None
        try:
            result = parse_result(self._lab, told)
        except ValueError as error:
            self._fault(str(error), line)
            return None
        self._count += 1
        if (result.service, result.check) not in self._awaited:
            self._fault("a result that was not announced, or a second one", line)
            return None
        del self._awaited[result.service, result.check]
        return result

    def _fault(self, what: str, line: str) -> None:
        self._faults.append(f"{what}: {line[:200]}")
