"""Findings on the Engine, its images and the programs around it."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from labctl.engine import Engine
from labctl.errors import EngineUnavailableError, LabError
from labctl.features.doctor.findings import Finding
from labctl.features.provision.base_image import local_base, wanted_base
from labctl.features.provision.commands import find_program, run
from labctl.features.provision.images import outdated_images
from labctl.features.provision.packages import ENGINE_PACKAGES, install_command
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.plan import Step, plan_engine
from labctl.features.provision.situation import engine_address, read_situation
from labctl.model import Build, Definition

OLDEST_ENGINE = (20, 10)
# Base image, both images and a build between them take 0.6 GB; logs and learners' work come on top.
FREE_DISK_WANTED_BYTES = 2 * 1024**3
MEND = "labctl up"


def examine_engine(
    version: str | None,
    environ: Mapping[str, str],
    paths: EnginePaths,
    error: LabError | None = None,
) -> Finding:
    """Tell whether an Engine answers that is new enough; if none does, what `up` would do about it."""
    address = engine_address(environ, paths)
    if version is not None:
        numbers = tuple(int(word) for word in version.split(".")[:2] if word.isdigit())
        ok = numbers >= OLDEST_ENGINE
        oldest = ".".join(map(str, OLDEST_ENGINE))
        what = f"Docker Engine {version} answers at {address}"
        return Finding("Engine", ok, what, "" if ok else f"install Docker Engine {oldest} or newer")
    try:
        step = plan_engine(read_situation(paths, environ))
    except EngineUnavailableError as reason:
        return Finding("Engine", False, reason.what, reason.hint)
    what = f"no Docker Engine answers at {address}"
    if error is not None and error.log:
        what += f" ({error.log.splitlines()[-1]})"
    if step is Step.NOTHING:  # it does, but not to us: another version of the API, TLS, a broken pipe
        return Finding("Engine", False, what, "docker version; env | grep ^DOCKER_")
    return Finding("Engine", False, f"{what}; to do: {step.value}", MEND)


def examine_images(engine: Engine, definition: Definition, environ: Mapping[str, str]) -> Finding:
    """Tell whether the images are there and made from today's files."""
    builds = dict(_builds(definition))
    outdated = [image.name for image in outdated_images(engine, builds.items(), environ)]
    if outdated:
        return Finding("images", False, f"to be built: {', '.join(outdated)}", MEND)
    return Finding("images", True, f"up to date: {', '.join(builds)}")


def examine_base_image(engine: Engine, definition: Definition, environ: Mapping[str, str]) -> Finding:
    """Tell whether there is a base image; only building needs it."""
    wanted = {wanted_base(build.args, environ) for _, build in _builds(definition)} - {None}
    missing = sorted(each for each in wanted if each and local_base(engine, each) is None)
    if missing:
        what = f"not here: {', '.join(missing)}; only building needs it"
        return Finding("base image", False, what, MEND, optional=True)
    here = sorted(filter(None, (local_base(engine, each) for each in wanted if each)))
    return Finding("base image", True, ", ".join(here) or "none needed")


def _builds(definition: Definition) -> Iterator[tuple[str, Build]]:
    for service in definition.services.values():
        if service.build is not None:
            yield service.image, service.build


def examine_disk() -> Finding:
    """Tell whether there is room where the Engine keeps images and containers."""
    root = _data_root(Path("/etc/docker/daemon.json"))
    existing = next(folder for folder in (root, *root.parents) if os.path.exists(folder))  # noqa: PTH110
    free = shutil.disk_usage(existing).free
    ok = free >= FREE_DISK_WANTED_BYTES
    what = f"{free / 1024**3:.1f} GiB free in {root}"
    return Finding("disk", ok, what, "" if ok else "docker system df; docker image prune")


def _data_root(settings: Path) -> Path:
    try:
        return Path(json.loads(settings.read_text()).get("data-root", "/var/lib/docker"))
    except (OSError, ValueError, AttributeError, TypeError):
        return Path("/var/lib/docker")


def examine_iptables() -> Finding:
    """Tell whether the program is there by which the Engine connects and separates networks."""
    path = find_program("iptables")
    if path is None:
        return Finding("iptables", False, "not installed", install_command(ENGINE_PACKAGES[1:], sudo=True))
    return Finding("iptables", True, path)


def examine_compose(environ: Mapping[str, str], project: Path) -> Finding:
    """Tell whether Compose is there, which only the project's own tests and benches need."""
    for config in (None, project / ".cache" / "docker"):
        folder = {} if config is None else {"DOCKER_CONFIG": str(config)}
        said = run(["docker", "compose", "version", "--short"], environ=folder)
        if said.exit_code == 0:
            where = "" if config is None else f", in {config}"
            return Finding("Compose", True, f"{said.output.strip()}{where}", optional=True)
    older = ", only the older docker-compose" if find_program("docker-compose") else ""
    return Finding("Compose", False, f"no version 2{older}; only tests need it", "make test", optional=True)
