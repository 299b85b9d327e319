"""The words of the picture, apart from drawing it: so they are tested where nothing is drawn."""

import statistics

from tests.bench.report import MIB, size_of
from tests.bench.results import Figure, Part, Results


def part_title(part: Part) -> str:
    """Return the title of a part's bars."""
    return f"{size_of(part)}, seconds"


def bar_text(figure: Figure) -> str:
    """Return what stands beside a bar: its median, and the ratio to labctl's."""
    return f"{number_text(figure['median'])} s · {number_text(figure['ratio'])} x"


def number_text(number: float) -> str:
    """Return a number with the three digits of it that may mean something."""
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:.0f}"


def costs_text(results: Results, contender: str) -> str:
    """Return the line on memory and idle CPU, of what was measured last: a class where there was one.

    Args:
        results: all of them.
        contender: whose memory is told.
    """
    part = list(results["parts"].values())[-1]
    told = [f"{part['memory'][contender]['available'] / MIB:.1f} MiB a container"]
    if idle := part["idle"]:
        told.append(f"idle, {size_of(part)}: {number_text(idle['percent'])} % of a core")
    if part["status_seconds"]:
        told.append(f"status: {number_text(statistics.median(part['status_seconds']))} s")
    return f"{contender}: {', '.join(told)}"


def machine_text(results: Results) -> str:
    """Return the line on where it was measured."""
    machine, engine = results["machine"], results["versions"]["Engine"]
    return f"{machine['cores']} cores, Engine {engine}; medians, and how many times labctl's"


def legend_texts(results: Results) -> dict[str, str]:
    """Return by contender what the legend calls it: with its version, where it has one of its own."""
    names = list(next(iter(results["parts"].values()))["tasks"]["up"])
    versions = results["versions"]
    return {name: _versioned(name, versions[name]) for name in names}


def _versioned(name: str, version: str) -> str:
    program, major, _ = name.rpartition(" v")
    return f"{program} {version}" if major else name


def all_texts(results: Results, contender: str) -> list[str]:
    """Return every text the picture must show."""
    parts = results["parts"].values()
    bars = [bar_text(figure) for part in parts for each in part["tasks"].values() for figure in each.values()]
    return [
        *map(part_title, parts),
        *bars,
        *legend_texts(results).values(),
        costs_text(results, contender),
        machine_text(results),
    ]
