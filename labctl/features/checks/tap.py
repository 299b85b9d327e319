"""Check results as TAP 14, the Test Anything Protocol: a line a check."""

from collections.abc import Sequence

from labctl.escaping import escape_line
from labctl.features.checks.result import CheckResult


def render_tap(results: Sequence[CheckResult]) -> str:
    """Return the results as a TAP document."""
    lines = ["TAP version 14", f"1..{len(results)}"]
    for number, each in enumerate(results, 1):
        verdict = "ok" if each.outcome in ("passed", "skipped") else "not ok"
        directive = f" # SKIP {_one_line(each.hint)}" if each.outcome == "skipped" else ""
        lines.append(
            f"{verdict} {number} - {each.lab} {_one_line(each.service)} {_one_line(each.check)}{directive}"
        )
        if verdict == "not ok":
            lines.append("  ---")
            facts = (
                ("outcome", each.outcome),
                ("sentence", each.sentence),
                ("expected", each.expected),
                ("got", each.got),
                ("hint", each.hint),
            )
            lines += [f'  {name}: "{_quoted(fact)}"' for name, fact in facts if fact]
            lines.append("  ...")
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return escape_line(" ".join(text.split())).replace("#", "\\#")


def _quoted(text: str) -> str:
    """Return text within the quotation marks of YAML, where an escape sequence is written as it is shown."""
    return escape_line(text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t"))
