"""Every check catches a mistake, and every mistake is caught.

For each server with a `broken/` folder, each wrong variant runs in a container of its own, as the
server would, and the server's checks are run on it from the toolbox.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from services.checking.registry import load_checks
from tests.integration.labs import ROOT, RunningLab, read_results

AT_ONCE = 5
SERVERS = sorted(path.parent.name for path in (ROOT / "services").glob("*/server.py"))


def variants_of(folder: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / "services" / folder / "broken").glob("[!_]*.py"))


def test_every_server_has_broken_variants() -> None:
    assert SERVERS
    assert [folder for folder in SERVERS if not variants_of(folder)] == []


@pytest.mark.parametrize("folder", SERVERS)
def test_every_check_fails_on_a_broken_variant_and_every_variant_fails_a_check(
    folder: str, lab: RunningLab
) -> None:
    service = folder.replace("_", "-")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failed = dict(
            zip(
                variants_of(folder),
                pool.map(lambda variant: failures(lab, service, variant), variants_of(folder)),
                strict=True,
            )
        )
    told = "\n".join(
        f"{variant}: {', '.join(sorted(names)) or 'nothing'}" for variant, names in failed.items()
    )
    assert [variant for variant, names in failed.items() if not names] == [], told
    checks = {each.name for each in load_checks(service)}
    assert checks - set().union(*failed.values()) == set(), told


def failures(lab: RunningLab, service: str, variant: str, folder: str = "broken") -> set[str]:
    """Return the names of the checks that fail on a variant, or on another program in a server's folder."""
    original = lab.container(service)
    listens = original.labels.get("lab.listens", "").split()
    host = f"{lab.project}-{service}-{variant}".replace("_", "-")
    module = f"services.{service.replace('-', '_')}.{folder}.{variant}"
    # A server without a port is found by the folder of its sockets, which it takes as its argument.
    where, probes, arguments = host, [f"{host}@{listener}" for listener in listens], []
    if not listens:
        where = f"/run/lab/{host}"
        probes, arguments = [f"{where}/stream"], [where]
    with variant_container(lab, original, host, module, *arguments):
        target = json.dumps([{"service": service, "host": where, "listens": listens}])
        lab.run("probe", "--timeout", "10", *probes)
        finished = lab.run("python3", "-m", "services.checking", target, timeout_s=300)
    assert finished.returncode == 0, finished.stderr
    results = read_results(finished.stdout)
    assert [each for each in results if each["outcome"] == "broken"] == []
    return {each["check"] for each in results if each["outcome"] == "failed"}


@contextmanager
def variant_container(
    lab: RunningLab, original: Any, host: str, module: str, *arguments: str
) -> Iterator[None]:
    """Run a container like a server's own, but for the program in it."""
    settings = original.attrs["HostConfig"]
    [network] = original.attrs["NetworkSettings"]["Networks"]
    container = lab.engine.containers.run(
        original.image.id,
        ["python3", "-m", module, *arguments],
        name=host,
        network=network,
        detach=True,
        labels={"com.docker.compose.project": lab.project, "com.docker.compose.oneoff": "True"},
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        tmpfs=settings["Tmpfs"],
        volumes_from=[original.id],
        mem_limit=settings["Memory"],
        pids_limit=settings["PidsLimit"],
        dns=settings["Dns"],
        dns_opt=settings["DnsOptions"],
    )
    try:
        yield
    finally:
        container.remove(force=True)
