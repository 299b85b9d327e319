"""Check results as JUnit XML, the format CI systems read: a suite a service, a case a check."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree

from labctl.features.checks.report import count_outcomes
from labctl.features.checks.run import CheckResult

TAGS = {"failed": "failure", "broken": "error", "skipped": "skipped"}


def render_junit(results: Sequence[CheckResult]) -> str:
    """Return the results as an XML document."""
    root = ElementTree.Element("testsuites", {"name": "labctl check"} | _figures(results))
    ordered = sorted(results, key=lambda each: (each.lab, each.service))
    for (lab, service), group in groupby(ordered, key=lambda each: (each.lab, each.service)):
        members = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": f"{lab}.{service}"} | _figures(members))
        for each in members:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=f"{lab}.{service}",
                name=each.check,
                time=f"{each.seconds:.3f}",
            )
            if each.outcome in TAGS:
                outcome = ElementTree.SubElement(case, TAGS[each.outcome], message=_printable(each.sentence))
                facts = (("expected", each.expected), ("got", each.got), ("hint", each.hint))
                outcome.text = _printable("\n".join(f"{name}: {fact}" for name, fact in facts if fact))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _figures(results: Iterable[CheckResult]) -> dict[str, str]:
    members = list(results)
    counted = count_outcomes(members)
    return {
        "tests": str(len(members)),
        "failures": str(counted["failed"]),
        "errors": str(counted["broken"]),
        "skipped": str(counted["skipped"]),
        "time": f"{sum(each.seconds for each in members):.3f}",
    }


def _printable(text: str) -> str:
    """Leave out what XML 1.0 cannot carry (section 2.2): most control characters."""
    return "".join(each if each in "\t\n\r" or each >= " " else f"\\x{ord(each):02x}" for each in text)
