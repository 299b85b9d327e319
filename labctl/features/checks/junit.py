"""Check results as JUnit XML, the format CI systems read: a suite a service, a case a check."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree

from labctl.features.checks.report import count_outcomes
from labctl.features.checks.result import CheckResult

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TAGS = {"failed": "failure", "broken": "error", "skipped": "skipped"}


def render_junit(results: Sequence[CheckResult]) -> str:
    """Return the results as an XML document, to be written as UTF-8."""
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
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document.decode() + "\n"


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
    """Spell out what XML 1.0 cannot carry (section 2.2): most control characters, lone surrogates."""
    return NO_XML.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
