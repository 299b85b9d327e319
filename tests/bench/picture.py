"""Results as one picture: bars for up, reset and down, of one lab and of a class; the figures as text.

Its ground is transparent, its greys are as far from white as from black: it can be read on both.
"""

import io

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tests.bench import wording
from tests.bench.results import TASKS, Part, Results

GREY = "#7a7a7a"
COLOURS = ("#1f9d55", "#3b82f6", "#a16ae8", "#9a9a9a")  # labctl first, the bare Engine last
BAR = 0.2  # of the room of a task
SIZE_INCHES = (4.6, 3.5)  # a part's
SETTINGS = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "labctl",  # and the same results give the same file
    "font.size": 8,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), GREY),
}


def draw_picture(results: Results) -> str:
    """Return the picture as SVG."""
    with matplotlib.rc_context(SETTINGS):
        parts = results["parts"].values()
        figure = Figure(figsize=(SIZE_INCHES[0] * len(parts), SIZE_INCHES[1]))
        legend = wording.legend_texts(results)
        colours = dict(zip(legend, (*COLOURS[: len(legend) - 1], COLOURS[-1]), strict=True))
        for axes, part in zip(figure.subplots(1, len(parts), squeeze=False)[0], parts, strict=True):
            _draw_part(axes, part, colours)
        figure.legend(
            [Patch(color=colour) for colour in colours.values()],
            legend.values(),
            loc="upper center",
            ncols=len(legend),
            frameon=False,
        )
        figure.text(0.5, 0.05, wording.costs_text(results, next(iter(legend))), ha="center")
        figure.text(0.5, 0.01, wording.machine_text(results), ha="center")
        figure.tight_layout(rect=(0, 0.09, 1, 0.93))
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return "".join(f"{line.rstrip()}\n" for line in drawn.getvalue().splitlines())


def _draw_part(axes: Axes, part: Part, colours: dict[str, str]) -> None:
    longest = max(figure["median"] for each in part["tasks"].values() for figure in each.values())
    for row, task in enumerate(TASKS):
        contenders = part["tasks"][task]
        for position, (name, figure) in enumerate(contenders.items()):
            y = row + BAR * (position - (len(contenders) - 1) / 2)
            axes.barh(y, figure["median"], height=BAR * 0.9, color=colours[name])
            axes.text(figure["median"] + longest * 0.015, y, wording.bar_text(figure), va="center")
    axes.set_title(wording.part_title(part), fontsize=9)
    axes.set_yticks(range(len(TASKS)), TASKS)
    axes.set_xlim(0, longest * 1.3)  # room for the text of the longest
    axes.invert_yaxis()  # the first task on top
    axes.tick_params(left=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
