"""Every check catches a mistake, and every mistake is caught.

For each server with a `broken/` folder, each wrong variant runs in a container of its own, as the
server would, and the server's checks are run on it.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from services.checking.registry import load_checks
from tests.integration.labs import ROOT, RunningLab
from tests.integration.variants import AT_ONCE, workbench

SERVERS = sorted(path.parent.name for path in (ROOT / "services").glob("*/server.py"))
Failures = dict[str, Future[dict[str, str]]]  # of each variant, what each check got


def variants_of(folder: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / "services" / folder / "broken").glob("[!_]*.py"))


@pytest.fixture(scope="module")
def failures(lab: RunningLab, request: pytest.FixtureRequest) -> Iterator[dict[str, Failures]]:
    """The checks that fail on each variant of each chosen server: all are begun with the first test."""
    params = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    chosen = {each["folder"] for each in params if each.get("folder") in SERVERS}
    with workbench(lab, "matrix") as bench, ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            folder: {
                variant: pool.submit(bench.failures, folder.replace("_", "-"), variant)
                for variant in variants_of(folder)
            }
            for folder in sorted(chosen)
        }
        pool.shutdown(cancel_futures=True)


def test_every_server_has_broken_variants() -> None:
    assert SERVERS
    assert [folder for folder in SERVERS if not variants_of(folder)] == []


@pytest.mark.parametrize("folder", SERVERS)
def test_every_check_fails_on_a_broken_variant_and_every_variant_fails_a_check(
    folder: str, failures: dict[str, Failures]
) -> None:
    failed = {variant: awaited.result() for variant, awaited in failures[folder].items()}
    told = "\n".join(
        f"{variant}: {', '.join(f'{name} ({got[:80]})' for name, got in sorted(caught.items())) or 'nothing'}"
        for variant, caught in failed.items()
    )
    assert [variant for variant, caught in failed.items() if not caught] == [], told
    checks = {each.name for each in load_checks(folder.replace("_", "-"))}
    assert checks - set().union(*failed.values()) == set(), told
