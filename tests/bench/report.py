"""Results as text: a table for one lab and one for a class, what they cost, and what was to hold."""

import statistics
from collections.abc import Iterator

from tests.bench.results import HOW, Part, Results, growth

MIB = 1 << 20


def render_report(results: Results) -> str:
    """Return the report, as `make bench` prints it."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    machine = results["machine"]
    yield f"{machine['cores']} cores, {machine['memory_octets'] / (1 << 30):.0f} GiB, {machine['system']}"
    yield ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    for part in results["parts"].values():
        yield ""
        yield from _times(part)
        yield ""
        yield from _costs(part)
        for failure in part["failures"]:
            yield f"  done once more, for it failed: {failure}"
    yield ""
    yield "what is to hold:"
    for target in results["targets"]:
        word = "holds" if target["holds"] else "DOES NOT HOLD"
        yield f"  {target['what']}: {target['ratio']:.2f} x, {word}"
    yield ""
    yield "how it was measured:"
    for name, how in HOW.items():
        yield f"  {name}: {how}"


def size_of(part: Part) -> str:
    """Return what a part measured, in words."""
    return "one lab" if part["labs"] == 1 else f"a class of {part['labs']} labs"


def _times(part: Part) -> Iterator[str]:
    rounds = f"{part['rounds']} round{'s' if part['rounds'] > 1 else ''}"
    title = f"{size_of(part)}, {part['containers']} containers, {rounds}"
    yield f"{title:<46}{'median':>9}{'min':>9}{'max':>9}   x labctl"
    for task, contenders in part["tasks"].items():
        for position, (name, figure) in enumerate(contenders.items()):
            seconds = "".join(f"{figure[key]:>7.2f} s" for key in ("median", "min", "max"))
            yield f"  {task if position == 0 else '':<8}{name:<36}{seconds}   {figure['ratio']:>8.2f}"


def _costs(part: Part) -> Iterator[str]:
    yield "  memory a container"
    for name, used in part["memory"].items():
        yield (
            f"  {'':<8}{name:<36}{used['available'] / MIB:>5.1f} MiB of the machine's,"
            f" {used['group'] / MIB:.1f} MiB in its control group"
        )
    for name, seconds in part["lab_seconds"].items():
        yield (
            f"  {name}: first lab {seconds[0]:.2f} s, last {seconds[-1]:.2f} s;"
            f" last ones by first ones {growth(seconds):.2f} x"
        )
    if part["status_seconds"]:
        yield f"  labctl status over {size_of(part)}: {statistics.median(part['status_seconds']):.2f} s"
    if idle := part["idle"]:
        yield (
            f"  idle, {size_of(part)} of labctl, {idle['seconds']:.0f} s: {idle['percent']:.2f} % of a core"
            f" (containers {idle['containers_percent']:.2f}, shims {idle['shims_percent']:.2f},"
            f" dockerd and containerd {idle['daemons_percent']:.2f})"
        )
