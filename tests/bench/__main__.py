"""Measure, side by side in one run, what labctl costs against Compose and the bare Engine.

Every round each contender brings labs up, resets them and takes them down, in turn, on the same
compose.yaml. What counts are the ratios of medians: they move less than the machine does.
"""

import argparse
import datetime
import json
import os
import platform
import signal
import sys
import tempfile
import time
from pathlib import Path

from labctl.docker_engine import DockerEngine, open_engine
from labctl.errors import LabError
from tests.bench.commands import BenchError
from tests.bench.contenders import COMPOSE_2, LABCTL, Readiness, gather, read_bench_definition
from tests.bench.labs import MOST
from tests.bench.picture import draw_picture
from tests.bench.report import render_report
from tests.bench.results import CLASS, HOW, ONE, Machine, Part, Results, targets
from tests.bench.sweeping import sweep_at_the_end
from tests.bench.turns import Bench
from tests.run_names import held_run

HERE = Path(__file__).parent


def read_options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=(ONE, CLASS), help="one lab, or a class [default: both]")
    parser.add_argument("--pairs", type=_positive, default=5, help="rounds with one lab [default: 5]")
    parser.add_argument("--labs", type=_size, default=10, help="labs of the class [default: 10]")
    parser.add_argument("--class-rounds", type=_positive, default=1, help="rounds with it [default: 1]")
    parser.add_argument("--idle", type=float, default=60, help="seconds to watch it idle [default: 60]")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for results.json and results.svg")
    return parser.parse_args()


def measure(options: argparse.Namespace, engine: DockerEngine) -> Results:
    """Return all that was asked for."""
    definition = read_bench_definition()
    readiness = Readiness(definition)
    parts: dict[str, Part] = {}
    with held_run(), tempfile.TemporaryDirectory(prefix="labctl-bench-") as folder:
        contenders = gather(definition, readiness, Path(folder) / "class.csv")
        bench = Bench(engine, list(contenders), readiness, _tell)
        if options.only != CLASS:
            parts[ONE] = bench.measure(1, options.pairs)
        if options.only != ONE:
            parts[CLASS] = bench.measure(options.labs, options.class_rounds, idle_s=options.idle)
    versions = {each.name: version for each, version in contenders.items()}
    return Results(
        taken=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        machine=_machine(),
        versions={"Engine": engine.ping(), **versions},
        how=HOW,
        parts=parts,
        targets=targets(parts, LABCTL, COMPOSE_2),
    )


def main() -> None:
    """Measure, print, write; whatever happens, no lab of the bench stays behind."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    try:
        engine = open_engine()
        engine.ping()
        try:
            results = measure(options, engine)
        finally:
            _tell("removing the bench's labs")
            if left := sweep_at_the_end(engine):
                _tell(f"the Engine keeps something of {', '.join(sorted(left))}")
    except LabError as error:
        print(error.render(), file=sys.stderr)
        sys.exit(error.exit_code)
    except BenchError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    print(render_report(results), end="")
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    (options.out / "results.svg").write_text(draw_picture(results))
    _tell(f"written to {options.out}: results.json, results.svg; {time.monotonic() - began:.0f} s")


def _machine() -> Machine:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cores=len(os.sched_getaffinity(0)), memory_octets=memory, system=f"Linux {platform.release()}"
    )


def _tell(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _size(text: str) -> int:
    if not 2 <= (number := int(text)) <= MOST:
        raise argparse.ArgumentTypeError(f"a class has 2 to {MOST} labs")
    return number


if __name__ == "__main__":
    main()
