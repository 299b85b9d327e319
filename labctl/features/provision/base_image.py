"""The image that ours are built from: found, fetched, or made from the machine's package mirror."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, EngineUnavailableError
from labctl.features.provision.commands import as_root, find_program, may_be_root, run
from labctl.features.provision.mirrors import Mirrors, read_mirrors, read_proxies
from labctl.features.provision.packages import install, install_command, last_complaints, may_install

ARGUMENT = "BASE_IMAGE"  # the build argument that names it
OVERRIDE = "LABCTL_BASE_IMAGE"  # the variable that names another
STANDS_FOR = "org.labctl.stands-for"  # label on an image of ours: which one it replaces

OWN_IMAGE_HINT = f"{OVERRIDE}=AN-IMAGE-YOU-HAVE labctl up   # Debian 13 or Ubuntu 24.04, or newer"
WORK_FOLDER = Path("/var/tmp")  # noqa: S108  for what is large; the folders in it are made unguessable
WORK_PREFIX = "labctl-base-"
# As the official slim image: nothing to read for people, no cache of packages, no waiting for disks.
SLIM = (
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=force-unsafe-io",
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=APT::Install-Recommends "false"',
)


def wanted_base(arguments: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """Return the image a build is to start from, None when its Dockerfile alone knows."""
    return environ.get(OVERRIDE) or arguments.get(ARGUMENT)


def stand_in(wanted: str) -> str | None:
    """Return the tag of the image that we can make in place of one, if it is plain Debian."""
    match = re.fullmatch(r"(?:docker\.io/)?(?:library/)?debian:([a-z]+)(?:-slim)?", wanted)
    return f"labctl/base:{match[1]}" if match else None


def local_base(engine: Engine, wanted: str) -> str | None:
    """Return the tag under which the Engine has the image or its stand-in."""
    tags = (wanted, stand_in(wanted))
    return next((tag for tag in tags if tag and engine.image_id(tag)), None)


def ensure_base(engine: Engine, wanted: str, progress: Progress, environ: Mapping[str, str]) -> str:
    """Return the tag of an image to build from, fetched or made when there is none yet.

    Raises:
        EngineUnavailableError: it can neither be fetched nor made here.
    """
    tag = local_base(engine, wanted)
    if tag is not None:
        return tag
    if _fetched(engine, wanted, progress):
        return wanted
    tag = stand_in(wanted)
    if tag is None:
        raise EngineUnavailableError(
            f"base image {wanted} is not here, and no registry answers that has it",
            hint=f"docker pull {wanted}",
        )
    suite = tag.partition(":")[2]
    progress(f"no registry answers: making Debian {suite} from this machine's package mirror (about 30 s)")
    with _work_folder() as folder:
        _bootstrap(suite, folder / "base.tar", progress, environ)
        progress(f"storing it as image {tag}")
        try:
            with (folder / "base.tar").open("rb") as tar:
                engine.import_image(tar, tag, {STANDS_FOR: wanted})
        except EngineError as error:
            raise EngineUnavailableError(error.what, log=error.log, hint="docker system df; df -h") from error
    return tag


def _fetched(engine: Engine, wanted: str, progress: Progress) -> bool:
    try:
        return engine.pull_image(wanted, progress)
    except (EngineError, EngineUnavailableError):
        engine.ping()  # raises if it is the Engine that is gone, and not the registry
        return False


def _bootstrap(suite: str, tar: Path, progress: Progress, environ: Mapping[str, str]) -> None:
    mirrors = read_mirrors()
    if mirrors.archive is None:
        raise EngineUnavailableError(
            f"no registry answers, and no package mirror of Debian is set up here to make {suite} from",
            hint=OWN_IMAGE_HINT,
        )
    program = _bootstrap_program(progress, environ)
    command = (_mmdebstrap if program == "mmdebstrap" else _debootstrap)(suite, tar, mirrors)
    finished = run(
        command,
        environ={"TMPDIR": str(tar.parent), **read_proxies(environ)},
        progress=lambda line: progress(f"Debian {suite}: {line.removeprefix('I: ')}"),
        worth_telling=_is_milestone,
    )
    if finished.exit_code != 0 or not tar.exists():
        raise EngineUnavailableError(
            f"base image Debian {suite} could not be made by {program}",
            where=mirrors.archive,
            log=last_complaints(finished.output),
            hint=f"df -h {WORK_FOLDER}" if "No space left" in finished.output else OWN_IMAGE_HINT,
        )


def _is_milestone(line: str) -> bool:
    """Return whether a line of mmdebstrap's or debootstrap's output says how far it is."""
    return re.match(r"I: (downloading|extracting|installing|creating|Base system)", line) is not None


def _bootstrap_program(progress: Progress, environ: Mapping[str, str]) -> str:
    """Return the program that can make a Debian, installed if need be."""
    programs = ("mmdebstrap", "debootstrap")
    for program in programs:
        if find_program(program):
            return program
    if not may_install(environ):
        raise EngineUnavailableError(
            "no registry answers, and making the base image here takes mmdebstrap, which we may not install",
            hint=install_command(programs[:1], sudo=os.geteuid() != 0),
        )
    install(programs[:1], progress, optional=["debian-archive-keyring"])
    return programs[0]


def _mmdebstrap(suite: str, tar: Path, mirrors: Mirrors) -> list[str]:
    lines = mirrors.source_lines(suite)
    extra: list[str] = []
    if any("https://" in line for line in lines):  # then the image has to trust whom this machine trusts
        bundle = "/etc/ssl/certs/ca-certificates.crt"
        extra = ["--include=ca-certificates", f"--customize-hook=copy-in {bundle} {Path(bundle).parent}"]
    command = ["mmdebstrap", "--variant=minbase", *SLIM, *extra, suite, str(tar), *lines]
    # Without root it needs subordinate user ids, which not every machine has.
    return ["env", f"TMPDIR={tar.parent}", *command] if not may_be_root() else as_root(command)


def _debootstrap(suite: str, tar: Path, mirrors: Mirrors) -> list[str]:
    """Return the command for the older program, which makes a folder and knows one source only."""
    root = tar.parent / "root"
    script = 'debootstrap --variant=minbase "$1" "$2" "$3" && tar -C "$2" -cf "$4" . && rm -rf "$2"'
    return as_root(["sh", "-c", script, "sh", suite, str(root), mirrors.archive or "", str(tar)])


@contextmanager
def _work_folder() -> Iterator[Path]:
    """Give a folder with room for a Debian; those of earlier runs that were killed go first."""
    parent = WORK_FOLDER if WORK_FOLDER.is_dir() else Path(tempfile.gettempdir())
    for stale in parent.glob(f"{WORK_PREFIX}*"):
        shutil.rmtree(stale, ignore_errors=True)
    try:
        folder = tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise EngineUnavailableError(
            f"there is no place to make the base image in: {error.strerror}",
            where=str(parent),
            hint=f"df -h {parent}; ls -ld {parent}",
        ) from error
    with folder as name:
        Path(name).chmod(0o755)  # mmdebstrap without root works under other user ids
        yield Path(name)
