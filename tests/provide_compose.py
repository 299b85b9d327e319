"""Docker Compose 2 for the tests and benches, from the distribution's packages.

Where `docker compose` is version 2 already it is used. Else the package `docker-compose` is
installed if it is one; else that of Debian trixie is unpacked, not installed, into `.cache/docker`.
Prints the folder to use as DOCKER_CONFIG, or nothing if none is needed. Compose 1.29, with which
compose.yaml must work too, is installed where the distribution has it. labctl itself never needs
Compose.
"""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from labctl.errors import EngineUnavailableError, LabError
from labctl.features.provision.commands import find_program, run
from labctl.features.provision.mirrors import read_mirrors
from labctl.features.provision.packages import (
    candidate_version,
    install,
    install_command,
    last_complaints,
    may_install,
)

CONFIG = Path(__file__).parents[1] / ".cache" / "docker"
PLUGIN = Path("cli-plugins/docker-compose")
PACKAGED_PLUGIN = Path("usr/libexec/docker") / PLUGIN
UNPACKED_SUITE = "trixie"  # its package is version 2 and runs on bookworm as well
CLIENT_PACKAGES = ("docker-cli", "docker.io")  # the first that exists brings `docker`


def provide_compose() -> str:
    """Return the DOCKER_CONFIG with which `docker compose` is version 2; empty for the usual one.

    Raises:
        LabError: it is not here and cannot be had.
    """
    if find_program("docker") is None:
        _install_first(CLIENT_PACKAGES)
    for config in ("", str(CONFIG)):
        if _answers(config):
            return config
    version = candidate_version("docker-compose") or ""
    if version.startswith("2") and may_install(os.environ):
        install(["docker-compose"], _tell)
        return ""
    _unpack()
    if not _answers(str(CONFIG)):
        raise LabError("the unpacked docker-compose does not run here", where=str(CONFIG / PLUGIN))
    return str(CONFIG)


def install_compose_v1() -> None:
    """Install Compose 1.29 as well where the distribution still has it; elsewhere its test is skipped."""
    is_v1 = (candidate_version("docker-compose") or "").startswith("1")
    if is_v1 and find_program("docker-compose") is None and may_install(os.environ):
        with suppress(LabError):
            install(["docker-compose"], _tell)


def _answers(config: str) -> bool:
    said = run(["docker", "compose", "version", "--short"], environ={"DOCKER_CONFIG": config})
    return said.exit_code == 0 and said.output.lstrip("v").startswith("2")


def _install_first(packages: tuple[str, ...]) -> None:
    package = next((each for each in packages if candidate_version(each)), packages[-1])
    if not may_install(os.environ):
        raise EngineUnavailableError(
            "the tests need the `docker` client", hint=install_command([package], sudo=os.geteuid() != 0)
        )
    install([package], _tell)


def _unpack() -> None:
    """Fetch trixie's package by lists of our own, so that the machine's apt never sees trixie."""
    _tell(f"unpacking docker-compose of Debian {UNPACKED_SUITE} into {CONFIG}")
    lines = read_mirrors().source_lines(UNPACKED_SUITE)
    with tempfile.TemporaryDirectory(prefix="labctl-compose-") as name:
        folder = Path(name)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "sources.list").write_text("\n".join(lines[:1]) + "\n")
        apt = [
            "apt-get",
            f"-oDir::Etc::SourceList={folder}/sources.list",
            "-oDir::Etc::SourceParts=/dev/null",
            f"-oDir::State::Lists={folder}/lists",
            f"-oDir::Cache={folder}",
            "-oAPT::Sandbox::User=",
            "-oAPT::Update::Error-Mode=any",
        ]
        for command in (
            [*apt, "update"],
            ["sh", "-c", 'cd "$0" && exec "$@"', name, *apt, "download", f"docker-compose/{UNPACKED_SUITE}"],
            ["sh", "-c", 'cd "$0" && exec dpkg-deb -x docker-compose_*.deb unpacked', name],
        ):
            finished = run(command)
            if finished.exit_code != 0:
                raise LabError(
                    "no Docker Compose 2 for the tests: it could not be fetched from the package mirror",
                    log=last_complaints(finished.output),
                    hint="install the plugin by hand: https://docs.docker.com/compose/install/linux/",
                )
        (CONFIG / PLUGIN).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / "unpacked" / PACKAGED_PLUGIN, CONFIG / PLUGIN)


def _tell(step: str) -> None:
    print(step, file=sys.stderr)


if __name__ == "__main__":
    try:
        install_compose_v1()
        print(provide_compose())
    except LabError as error:
        print(error.render(), file=sys.stderr)
        sys.exit(error.exit_code)
