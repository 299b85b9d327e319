"""Figures become data: medians, ratios, what is to hold; and the data survives as JSON."""

import json

import pytest

from tests.bench.results import figures, growth, targets
from tests.unit.bench.samples import part, results


def test_a_figure_is_the_median_of_its_rounds_and_a_ratio_to_labctls() -> None:
    told = figures({"up": {"labctl": [2.0, 4.0, 3.0], "other": [9.0, 1.0, 6.0]}}, "labctl")["up"]
    assert told["labctl"] == {
        "median": 3.0,
        "min": 2.0,
        "max": 4.0,
        "ratio": 1.0,
        "seconds": [2.0, 4.0, 3.0],
    }
    assert told["other"]["ratio"] == 2.0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([2.0, 2.0], 1.0),
        ([1.0, 2.0], 2.0),
        ([3.0], 1.0),
        ([1.0, 9.0, 1.0, 5.0, 1.5, 1.5, 1.0], 1.5),  # of three, the one in the middle
    ],
)
def test_growth_is_the_last_labs_by_the_first(seconds: list[float], expected: float) -> None:
    assert growth(seconds) == expected


def test_a_target_holds_by_its_ratio_alone() -> None:
    one, of_ten = part(1), part(10)

    def holds() -> list[bool]:
        told = targets({"one": one, "class": of_ten}, "labctl", "docker compose v2")
        return [each["holds"] for each in told]

    assert holds() == [True, True, True]
    one["tasks"]["reset"]["docker compose v2"]["median"] = 14.99 * one["tasks"]["reset"]["labctl"]["median"]
    of_ten["tasks"]["up"]["labctl"]["median"] = 0.801 * of_ten["tasks"]["up"]["docker compose v2"]["median"]
    assert holds() == [False, True, False]


def test_results_survive_json_and_have_every_raw_figure() -> None:
    told = results()
    read = json.loads(json.dumps(told))
    assert read == told
    assert read["parts"]["one"]["tasks"]["reset"]["labctl"]["seconds"] == [0.41, 0.40, 0.45]
    assert read["parts"]["class"]["memory"]["labctl"]["available_octets"] == [11 << 20, 10 << 20, 12 << 20]
