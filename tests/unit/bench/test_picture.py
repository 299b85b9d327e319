"""The picture is SVG with every figure as text, and the one of the README shows the figures beside it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.bench.results import Results
from tests.bench.wording import all_texts, number_text
from tests.unit.bench.samples import part, results

BENCH = Path(__file__).parents[2] / "bench"
SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 60_000


def texts_of(picture: str) -> set[str]:
    """Return the texts of an SVG; it must be well-formed."""
    root = ET.fromstring(picture)
    assert root.tag == f"{SVG}svg"
    return {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}


def missing_texts(picture: str, told: Results) -> list[str]:
    """Return what a picture of these results should show and does not."""
    shown = texts_of(picture)
    return [text for text in all_texts(told, "labctl") if text not in shown]


def test_the_picture_of_the_readme_shows_the_figures_of_the_last_bench() -> None:
    told: Results = json.loads((BENCH / "results.json").read_text())
    picture = (BENCH / "results.svg").read_text()
    assert missing_texts(picture, told) == []
    assert len(picture.encode()) < MOST_BYTES


def test_a_picture_of_other_figures_is_seen() -> None:
    told: Results = json.loads((BENCH / "results.json").read_text())
    next(iter(told["parts"].values()))["tasks"]["reset"]["labctl"]["median"] = 99.9
    assert len(missing_texts((BENCH / "results.svg").read_text(), told)) == 1


def test_the_texts_have_what_matters() -> None:
    texts = all_texts(results(), "labctl")
    assert "0.41 s · 1.00 x" in texts
    assert "111 s · 27.1 x" in texts
    assert {"one lab, seconds", "a class of 10 labs, seconds"} <= set(texts)
    assert {"labctl", "docker compose 2.26.1", "docker-compose 1.29.2", "bare Engine"} <= set(texts)
    assert "labctl: 11.0 MiB a container, idle, a class of 10 labs: 0.96 % of a core, status: 0.73 s" in texts


@pytest.mark.parametrize(
    ("number", "text"), [(0.414, "0.41"), (9.99, "9.99"), (11.06, "11.1"), (123.4, "123")]
)
def test_numbers_keep_three_digits(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize("told", [results(), results(one=part(1))], ids=["both", "one lab"])
def test_a_drawn_picture_shows_every_text_and_is_the_same_each_time(told: Results) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib comes with `make bench`")
    from tests.bench.picture import draw_picture

    picture = draw_picture(told)
    assert missing_texts(picture, told) == []
    assert len(picture.encode()) < MOST_BYTES
    assert draw_picture(told) == picture
