"""Isolates the labs, or finds where isolation is missing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from labctl.engine import Engine, Progress
from labctl.errors import LabError, UnhealthyError
from labctl.features.isolation.firewall_host import Run, firewall_image, in_a_container, may_set_here
from labctl.features.isolation.rules import (
    SURVEY,
    Chains,
    Repair,
    complaints,
    families,
    has_engine,
    parse_survey,
    plan_repairs,
)
from labctl.features.provision.commands import run
from labctl.features.provision.images import ensure_images, find_images
from labctl.model import Definition

# Another labctl, or the Engine, may change the same chains between our look and our deed; and the last
# attempt goes without the optional rules.
ATTEMPTS = 3
RESTORE = 'printf %s "$1" | "$2-restore" --noflush'


def ensure_isolation(
    engine: Engine, definition: Definition, progress: Progress, environ: Mapping[str, str]
) -> None:
    """Isolate all labs, present and future; where they are isolated already, this takes some 20 ms.

    Firewalls lose rules when they are loaded again, so this belongs before each start of a container.

    Args:
        engine: whose labs.
        definition: says what our own images are built from.
        progress: called when there is something to do.
        environ: DOCKER_HOST says whether the Engine is on this machine.

    Raises:
        UnhealthyError: rules could not be set: labs that come up now are open.
    """
    try:
        with _the_engines_host(engine, definition, progress, environ) as there:
            _shut(there, progress)
    except LabError as error:
        raise UnhealthyError(
            "the labs cannot be isolated: from inside one, the host and other labs can be reached",
            where="firewall of the Engine's host",
            log="\n".join(filter(None, (error.what, error.log))),
            hint=error.hint or "labctl doctor",
        ) from error


def find_isolation_gaps(
    engine: Engine, definition: Definition, environ: Mapping[str, str]
) -> list[Repair] | None:
    """Return what `ensure_isolation` must do; nothing is changed, and nothing built.

    Returns:
        The repairs, none if all is well; or None where they cannot be known without building an image.

    Raises:
        LabError: the firewall cannot be looked at.
    """
    if _is_here(environ):
        return plan_repairs(_survey(run), optional=False)
    [image] = find_images(engine, [firewall_image(definition)], environ)
    if image.id is None:
        return None
    with in_a_container(engine, image.tag) as there:
        return plan_repairs(_survey(there), optional=False)


@contextmanager
def _the_engines_host(
    engine: Engine, definition: Definition, progress: Progress, environ: Mapping[str, str]
) -> Iterator[Run]:
    if _is_here(environ):
        yield run
    else:
        [image] = ensure_images(engine, [firewall_image(definition)], progress, environ).values()
        with in_a_container(engine, image.tag) as there:
            yield there


def _is_here(environ: Mapping[str, str]) -> bool:
    # A local socket may still lead into a virtual machine; the Engine's chains are the proof.
    return may_set_here(environ) and has_engine(_survey(run))


def _survey(there: Run) -> dict[str, Chains]:
    return parse_survey(there(["sh", "-c", SURVEY]).output)


def _shut(there: Run, progress: Progress) -> None:
    repairs = plan_repairs(_survey(there))
    said = ""
    for attempt in range(ATTEMPTS):
        if not repairs:
            return
        progress(f"shutting the labs in: firewall rules for {families(repairs)}")
        for each in repairs:
            finished = there(["sh", "-c", RESTORE, "sh", each.rules, each.program])
            said = complaints(finished.output)
        repairs = plan_repairs(_survey(there), optional=attempt < ATTEMPTS - 2)
    if repairs:
        raise UnhealthyError(f"the rules for {families(repairs)} did not come about", log=said)
