"""The table tells every contender's every task, what labs cost, and how it was measured."""

import re

from tests.bench.report import render_report
from tests.bench.results import HOW
from tests.unit.bench.samples import SECONDS, part, results


def test_every_task_has_a_row_for_every_contender() -> None:
    rows = [line for line in render_report(results()).splitlines() if len(re.findall(r"\d s\b", line)) == 3]
    assert len(rows) == 2 * len(SECONDS) * len(SECONDS["up"])
    assert all(name in row for name, row in zip([*SECONDS["up"]] * 6, rows, strict=True))


def test_a_row_has_median_extremes_and_ratio() -> None:
    row = next(line for line in render_report(results()).splitlines() if "docker-compose v1  " in line)
    assert re.findall(r"[\d.]+", row.partition("v1")[2]) == ["6.20", "6.10", "6.30", "1.94"]


def test_costs_are_told_and_how_they_were_measured() -> None:
    text = render_report(results())
    assert "11.0 MiB of the machine's, 9.0 MiB in its control group" in text
    assert "0.96 % of a core (containers 0.31, shims 0.22, dockerd and containerd 0.43)" in text
    assert "labctl status over a class of 10 labs: 0.73 s" in text
    assert "labctl: first lab 2.00 s, last 2.20 s; last ones by first ones 1.05 x" in text
    assert "failed: docker compose v2: down failed has active endpoints" in text
    assert all(how in text for how in HOW.values())


def test_what_does_not_hold_is_told_aloud() -> None:
    slow = part(1)
    slow["tasks"]["reset"]["docker compose v2"]["median"] = 1.23
    assert "3.00 x, DOES NOT HOLD" in render_report(results(one=slow))


def test_what_was_not_measured_is_not_told() -> None:
    text = render_report(results(one=part(1)))
    assert "class of" not in text
    assert "idle, " not in text
