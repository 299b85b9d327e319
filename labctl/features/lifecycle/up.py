"""Makes a lab right: what is missing is created, what is broken is recreated, what runs well is unchanged.

`up` can be killed at any moment: it asks the Engine what there is, decides again, and goes on.
"""

import os
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from labctl import labels
from labctl.engine import ContainerSpec, Engine, Progress
from labctl.errors import EngineError, LabError, UnhealthyError
from labctl.features.lifecycle.dependencies import Waiting, in_order, require_dependencies
from labctl.features.lifecycle.home_folder import remember_home
from labctl.features.lifecycle.images import CheckoutImage, read_usable_images
from labctl.features.lifecycle.lab import Lab, lab_from, usual_network_name
from labctl.features.lifecycle.network import clear_away, create_network, find_lab_on_its_network
from labctl.features.lifecycle.ownership import made_from_other_files, read_own_state
from labctl.features.lifecycle.plan import UpPlan, plan_up
from labctl.features.lifecycle.readiness import (
    PATIENCE_S,
    find_silent,
    find_unhealthy,
    shares_network,
    wait_until_answering,
)
from labctl.features.lifecycle.shims import share_shims
from labctl.features.lifecycle.state import LabState, read_state
from labctl.features.lifecycle.volumes import ensure_volumes
from labctl.features.parallel import WORKERS, for_each
from labctl.features.verify.pristine import remove_leftover_references
from labctl.features.work.home_location import require_home, settle_home
from labctl.model import Definition, Service
from labctl.settings import LabSettings

READY_TIMEOUT_S = 30.0  # a server starts in well under a second; a loaded laptop gets its time
KEPT_TIMEOUT_S = 3.0  # what runs already should answer at once
LOG_LINES_SHOWN = 5
NEW_NETWORK = "its network has changed"


@dataclass(frozen=True)
class UpReport:
    """What `up` did, or is going to do.

    Attributes:
        lab: which, with the images that its containers have now.
        created: the services that had no container; `recreated`: those whose container was replaced;
            each with why.
        kept: the services left as they were.
        outdated: of these those whose image is another one than the checkout's.
        removed: containers that went and were not replaced, each with why.
    """

    lab: Lab
    created: Mapping[str, str]
    recreated: Mapping[str, str]
    kept: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    removed: Mapping[str, str] = field(default_factory=dict)

    @property
    def made(self) -> dict[str, str]:
        """The services that got a new container, each with why."""
        return {**self.created, **self.recreated}


def bring_up(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    progress: Progress,
    services: frozenset[str] | None = None,
    settings: LabSettings | None = None,
    force: Mapping[str, str] | None = None,
    images: Mapping[str, CheckoutImage] | None = None,
    had: Mapping[str, str] | None = None,
    upgrade: bool = False,
    change_home: bool = False,
    ready_timeout_s: float = READY_TIMEOUT_S,
) -> UpReport:
    """Make one lab right and wait until all its servers answer.

    Args:
        engine: where.
        definition: the Compose file's; it becomes this lab's.
        name: the lab's name.
        progress: called with each step, in words.
        services: only these and the toolbox, where not all are wanted.
        settings: what this lab has otherwise than the file; None: what it has had.
        force: services to recreate though they may run well, each with why.
        images: those of the checkout; None: looked for only where the lab has none of its own.
        had: for services whose containers were removed just before, the images that they had.
        upgrade: have all containers of the checkout's images, not of those that the lab has had.
        change_home: the home may be where the settings say, though it was elsewhere.
        ready_timeout_s: how long a new server may take to answer.

    Raises:
        InputError: the Compose project is no lab of ours.
        UnhealthyError: a server does not answer, though it was recreated.
        EngineError: the Engine refused a step.
    """
    chosen, services = services, definition.with_needs(services) if services is not None else None
    state = read_own_state(engine, definition, name)
    if any(labels.REFERENCE in each.labels for each in state.one_offs):
        remove_leftover_references(engine, name)
    settings = settle_home(engine, definition, name, state, settings, change=change_home)
    settings = with_choice(settings, state, definition, chosen)
    own_images = {**(had or {}), **state.images}
    needs = [each for each in definition.services.values() if services is None or each.name in services]
    if images is None:
        lacks_one = any(each.name not in own_images for each in needs)
        images = read_usable_images(engine, definition, os.environ) if lacks_one else {}
    _require_images(needs, own_images, images, upgrade)
    spared = made_from_other_files(state, definition)
    require_dependencies(lab_from(definition, name, (), usual_network_name(name), settings))
    lab = find_lab_on_its_network(definition, name, state, settings)
    gone: dict[str, str] = {}
    if lab is None:
        require_home(engine, definition, name, settings)  # before anything is removed
        remember_home(engine, name, state.home_folder, settings, course=definition.course)
        gone = dict.fromkeys(state.images, NEW_NETWORK)
        clear_away(engine, state, progress)
        lab = create_network(engine, definition, name, settings)
        state = read_state(engine, name)
    lab = replace(lab, images=own_images)
    plan = plan_up(lab, state, images, services=services, broken=force, upgrade=upgrade, spared=spared)
    _require_home_for(plan, engine, definition, name, settings)
    remembered = read_state(engine, name).home_folder if gone else state.home_folder
    remember_home(engine, name, remembered, settings, course=definition.course)
    created = {each: why for each, why in plan.created.items() if each not in gone}
    recreated = plan.recreated | {each: gone[each] for each in plan.created if each in gone}
    removed, outdated = plan.removed, plan.outdated
    silent = _apply(engine, lab, plan, progress, ready_timeout_s)
    first = {spec.service.name: spec.service.image for spec in plan.create}
    if broken := {each: why for each, why in silent.items() if each in plan.keep}:
        progress(f"recreating what does not answer: {', '.join(sorted(broken))}")
        state = read_state(engine, name)
        lab = replace(lab, images={**own_images, **state.images})
        plan = plan_up(lab, state, images, services=services, broken=broken, spared=spared)
        _require_home_for(plan, engine, definition, name, settings)
        recreated |= {each: why for each, why in plan.recreated.items() if each not in created}
        silent = _apply(engine, lab, plan, progress, ready_timeout_s)
    if silent:
        raise _unhealthy(engine, lab, silent)
    made = {spec.service.name: spec.service.image for spec in plan.create}
    return UpReport(
        replace(lab, images={**lab.images, **first, **made}),
        created,
        recreated,
        kept=tuple(each for each in plan.keep if each not in created | recreated),
        outdated=outdated,
        removed=removed,
    )


def plan_bring_up(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    services: frozenset[str] | None = None,
    settings: LabSettings | None = None,
    images: Mapping[str, CheckoutImage],
    upgrade: bool = False,
    change_home: bool = False,
) -> UpReport:
    """Return what `bring_up` would do, as far as the Engine knows it; no service is probed.

    Raises:
        InputError: `bring_up` would refuse it.
        UnhealthyError: the learner's home is not there.
    """
    chosen, services = services, definition.with_needs(services) if services is not None else None
    state = read_own_state(engine, definition, name)
    settings = settle_home(engine, definition, name, state, settings, change=change_home)
    settings = with_choice(settings, state, definition, chosen)
    lab = find_lab_on_its_network(definition, name, state, settings)
    moved = dict.fromkeys(state.images, NEW_NETWORK) if lab is None else None
    if lab is None:
        lab = lab_from(definition, name, (), usual_network_name(name), settings)
    require_dependencies(lab)
    lab = replace(lab, images=state.images)
    spared = made_from_other_files(state, definition)
    plan = plan_up(
        lab,
        state,
        images,
        services=services,
        broken=moved,
        upgrade=upgrade,
        spared=spared if not moved else (),
    )
    if settings.work == state.settings.work:  # another folder is made by `up`, if it is not there
        _require_home_for(plan, engine, definition, name, settings)
    return UpReport(lab, plan.created, plan.recreated, tuple(plan.keep), plan.outdated, plan.removed)


def _require_home_for(
    plan: UpPlan, engine: Engine, definition: Definition, name: str, settings: LabSettings
) -> None:
    """Raise an error, before anything is removed, where a new toolbox could not have the learner's home."""
    if any(spec.service.is_toolbox for spec in plan.create):
        require_home(engine, definition, name, settings)


def _require_images(
    services: Iterable[Service],
    own: Mapping[str, str],
    images: Mapping[str, CheckoutImage],
    upgrade: bool,
) -> None:
    """Raise EngineError where a container may have to be created from an image that is not there."""
    for each in services:
        newest = images.get(each.image)
        if newest is not None and newest.id is None and (upgrade or each.name not in own):
            raise EngineError(f"image {each.image} is missing", hint="labctl doctor --mend")


def with_choice(
    settings: LabSettings, state: LabState, definition: Definition, services: frozenset[str] | None
) -> LabSettings:
    """Return settings that remember which services were chosen, for those who come after.

    A lab that is not there has only these then; one that has only some has these as well.
    """
    chosen = {each for each in services or () if not definition.services[each].is_toolbox}
    if state.is_there:
        chosen |= {*settings.services}
        if not settings.services or chosen == {*settings.services}:
            return settings
    if not chosen:
        return settings
    return replace(settings, services=tuple(each for each in definition.services if each in chosen))


def _apply(
    engine: Engine, lab: Lab, plan: UpPlan, progress: Progress, ready_timeout_s: float
) -> dict[str, str]:
    """Carry a plan out; return the services that then do not answer, each with why."""
    for container, why in plan.remove_containers:
        progress(f"removing {container.name}: {why}")
    for_each(plan.remove_containers, lambda each: engine.remove(each[0].id))
    if plan.create:
        ensure_volumes(engine, lab)
    toolbox = lab.definition.toolbox
    ids = {name: container.id for name, container in plan.keep.items()}
    only_few_left = threading.Event()
    to_make = in_order(sorted(share_shims(plan.create), key=lambda spec: spec.service != toolbox))

    def reached(service: Service) -> bool:
        return toolbox is not None and shares_network(toolbox, service)

    waiting = Waiting(engine, lab, to_make, ids)

    def make(spec: ContainerSpec) -> None:
        try:
            waiting.wait_for_dependencies(spec.service)
            ids[spec.service.name] = _make(engine, lab, spec, progress)
        finally:
            waiting.ended(spec.service.name)
        if len(ids) >= len(plan.keep) + len(plan.create) - WORKERS:
            only_few_left.set()

    # Asking begins while the last few are starting: much earlier, and the questions would take the
    # cores away from those that start; later, and they would wait for nothing (`make bench`). Those few
    # are asked last: a packet for an address that is not there yet is sent again only after a second.
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(for_each, to_make, make)
        making.add_done_callback(lambda _: only_few_left.set())
        only_few_left.wait()
        started = [spec.service for spec in plan.create if spec.service.name in ids and reached(spec.service)]
        silent: dict[str, str] = {}
        if toolbox is not None and toolbox.name in ids:
            silent = _find_silent_kept(engine, lab, ids[toolbox.name], plan)
            if toolbox.name not in silent:
                silent |= find_silent(engine, ids[toolbox.name], started, timeout_s=PATIENCE_S)
        making.result()
    if toolbox is None or toolbox.name in silent:
        return silent
    awaited = [
        spec.service
        for spec in plan.create
        if reached(spec.service) and (spec.service.name in silent or spec.service not in started)
    ]
    kept = {name: why for name, why in silent.items() if name in plan.keep}
    hidden = [each for each in lab.definition.services.values() if each.name in ids and not reached(each)]
    kept |= find_unhealthy(engine, ids, hidden, timeout_s=ready_timeout_s)
    return kept | wait_until_answering(
        engine, ids[toolbox.name], awaited, timeout_s=ready_timeout_s, progress=progress
    )


def _find_silent_kept(engine: Engine, lab: Lab, toolbox_id: str, plan: UpPlan) -> dict[str, str]:
    """Return the unchanged services that do not answer, the toolbox itself among them if it cannot ask."""
    toolbox = lab.definition.toolbox
    kept = [lab.definition.services[name] for name in plan.keep]
    kept = [each for each in kept if toolbox is not None and shares_network(toolbox, each)]
    try:
        return find_silent(engine, toolbox_id, kept, timeout_s=KEPT_TIMEOUT_S)
    except EngineError as error:
        own = {name: error.log or error.what for name, each in plan.keep.items() if each.id == toolbox_id}
        if not own:
            raise
        return own


def _make(engine: Engine, lab: Lab, spec: ContainerSpec, progress: Progress) -> str:
    """Create and start one container; return its id."""
    try:
        container_id = engine.create(spec)
        engine.start(container_id)
    except EngineError as error:
        error.where = f"lab '{lab.name}', service '{spec.service.name}' ({_place(lab, spec)})"
        raise
    progress(f"started {spec.name}")
    return container_id


def _place(lab: Lab, spec: ContainerSpec) -> str:
    return f"{lab.definition.path.name}:{spec.service.line}"


def _unhealthy(engine: Engine, lab: Lab, silent: Mapping[str, str]) -> LabError:
    """Return the error for the silent services: the state and the last log lines of each."""
    state = read_state(engine, lab.name)
    lines = []
    for name, why in sorted(silent.items()):
        containers = state.of_service(name)
        where = f"{containers[0].name}, {containers[0].status}" if containers else "no container"
        lines.append(f"{name} ({where}): {why}")
        if containers:
            said = engine.logs(containers[0].id, tail=LOG_LINES_SHOWN, follow=False, timestamps=False)
            lines += [f"  {line}" for line in b"".join(said).decode(errors="replace").splitlines()]
    return UnhealthyError(
        f"{len(silent)} of the lab's services do not answer",
        where=f"lab '{lab.name}' ({lab.definition.path.name})",
        log="\n".join(lines),
        hint=f"labctl reset {lab.name} --service {min(silent)}",
    )
