"""Makes a lab right: whatever is missing or broken is made anew, what runs well is left alone.

`up` can be killed at any moment: it asks the Engine what there is, decides anew, and goes on.
"""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from labctl import labels
from labctl.engine import ContainerSpec, Engine, Progress
from labctl.errors import EngineError, LabError, UnhealthyError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.network import clear_away, create_network, find_lab_on_its_network
from labctl.features.lifecycle.ownership import require_ours
from labctl.features.lifecycle.plan import UpPlan, plan_up
from labctl.features.lifecycle.readiness import PATIENCE_S, find_silent, wait_until_answering
from labctl.features.lifecycle.shims import share_shims
from labctl.features.lifecycle.state import read_state
from labctl.features.lifecycle.volumes import ensure_volumes
from labctl.features.parallel import WORKERS, for_each
from labctl.features.verify.pristine import remove_left_twins
from labctl.model import Definition
from labctl.settings import LabSettings

READY_TIMEOUT_S = 30.0  # a server starts in well under a second; a loaded laptop gets its time
KEPT_TIMEOUT_S = 3.0  # what runs already should answer at once
LOG_LINES_SHOWN = 5


@dataclass(frozen=True)
class UpReport:
    """What `up` did: the lab, the services made anew (each with why), those left alone."""

    lab: Lab
    made: Mapping[str, str]
    kept: tuple[str, ...]


def bring_up(
    engine: Engine,
    definition: Definition,
    name: str,
    *,
    tell: Progress,
    services: frozenset[str] | None = None,
    settings: LabSettings | None = None,
    force: Mapping[str, str] | None = None,
    ready_timeout_s: float = READY_TIMEOUT_S,
) -> UpReport:
    """Make one lab right and wait until all its servers answer.

    Args:
        engine: where.
        definition: the Compose file's; it becomes this lab's.
        name: the lab's name.
        tell: called with each step, in words.
        services: only these and the toolbox, where not all are wanted.
        settings: what this lab has otherwise than the file; None: what it has had.
        force: services to make anew though they may run well, each with why.
        ready_timeout_s: how long a new server may take to answer.

    Raises:
        InputError: the lab's project is somebody else's.
        UnhealthyError: a server does not answer, though it was made anew.
        EngineError: the Engine refused a step.
    """
    images = _image_ids(engine, definition)
    if services is not None and definition.toolbox is not None:
        services |= {definition.toolbox.name}
    state = read_state(engine, name)
    require_ours(state, name, definition.path)
    if any(labels.TWIN in each.labels for each in state.one_offs):
        remove_left_twins(engine, name)
    settings = state.settings if settings is None else settings
    lab = find_lab_on_its_network(definition, name, state, settings)
    if lab is None:
        clear_away(engine, state, tell)
        lab = create_network(engine, definition, name, settings)
        state = read_state(engine, name)
    plan = plan_up(lab, state, images, services=services, broken=force)
    made = _reasons(plan)
    silent = _apply(engine, lab, plan, tell, ready_timeout_s)
    if broken := {each: why for each, why in silent.items() if each in plan.keep}:
        tell(f"making anew what does not answer: {', '.join(sorted(broken))}")
        plan = plan_up(lab, read_state(engine, name), images, services=services, broken=broken)
        made |= _reasons(plan)
        silent = _apply(engine, lab, plan, tell, ready_timeout_s)
    if silent:
        raise _unhealthy(engine, lab, silent)
    return UpReport(lab, made, tuple(each for each in plan.keep if each not in made))


def _reasons(plan: UpPlan) -> dict[str, str]:
    made = {spec.service.name: "it was missing" for spec in plan.create}
    return made | {gone.labels[labels.SERVICE]: why for gone, why in plan.remove_containers}


def _apply(engine: Engine, lab: Lab, plan: UpPlan, tell: Progress, ready_timeout_s: float) -> dict[str, str]:
    """Carry a plan out; return the services that then do not answer, each with why."""
    for container, why in plan.remove_containers:
        tell(f"removing {container.name}: {why}")
    for_each(plan.remove_containers, lambda each: engine.remove(each[0].id))
    if plan.create:
        ensure_volumes(engine, lab)
    toolbox = lab.definition.toolbox
    ids = {name: container.id for name, container in plan.keep.items()}
    only_few_left = threading.Event()

    def make(spec: ContainerSpec) -> None:
        ids[spec.service.name] = _make(engine, lab, spec, tell)
        if len(ids) >= len(plan.keep) + len(plan.create) - WORKERS:
            only_few_left.set()

    # Asking begins while the last few are starting: much earlier, and the questions would take the
    # cores away from those that start; later, and they would wait for nothing (`make bench`). Those few
    # are asked last: a packet for an address that is not there yet is sent again only after a second.
    with ThreadPoolExecutor(1) as pool:
        to_make = sorted(share_shims(plan.create), key=lambda spec: spec.service != toolbox)
        making = pool.submit(for_each, to_make, make)
        making.add_done_callback(lambda _: only_few_left.set())
        only_few_left.wait()
        started = [spec.service for spec in plan.create if spec.service.name in ids]
        silent: dict[str, str] = {}
        if toolbox is not None and toolbox.name in ids:
            silent = _find_silent_kept(engine, lab, ids[toolbox.name], plan)
            if toolbox.name not in silent:
                silent |= find_silent(engine, ids[toolbox.name], started, timeout_s=PATIENCE_S)
        making.result()
    if toolbox is None or toolbox.name in silent:
        return silent
    awaited = [
        spec.service for spec in plan.create if spec.service.name in silent or spec.service not in started
    ]
    kept = {name: why for name, why in silent.items() if name in plan.keep}
    return kept | wait_until_answering(
        engine, ids[toolbox.name], awaited, timeout_s=ready_timeout_s, tell=tell
    )


def _find_silent_kept(engine: Engine, lab: Lab, toolbox_id: str, plan: UpPlan) -> dict[str, str]:
    """Return those left alone that do not answer, the toolbox itself among them if it cannot ask."""
    kept = [lab.definition.services[name] for name in plan.keep]
    try:
        return find_silent(engine, toolbox_id, kept, timeout_s=KEPT_TIMEOUT_S)
    except EngineError as error:
        own = {name: error.log or error.what for name, each in plan.keep.items() if each.id == toolbox_id}
        if not own:
            raise
        return own


def _make(engine: Engine, lab: Lab, spec: ContainerSpec, tell: Progress) -> str:
    """Create and start one container; return its id."""
    try:
        container_id = engine.create(spec)
        engine.start(container_id)
    except EngineError as error:
        error.where = f"lab '{lab.name}', service '{spec.service.name}' ({_place(lab, spec)})"
        raise
    tell(f"started {spec.name}")
    return container_id


def _place(lab: Lab, spec: ContainerSpec) -> str:
    return f"{lab.definition.path.name}:{spec.service.line}"


def _image_ids(engine: Engine, definition: Definition) -> dict[str, str]:
    found = {tag: engine.image_id(tag) for tag in {each.image for each in definition.services.values()}}
    if missing := sorted(tag for tag, image_id in found.items() if image_id is None):
        raise EngineError(f"image {missing[0]} is missing", hint="labctl doctor --mend")
    return {tag: image_id for tag, image_id in found.items() if image_id is not None}


def _unhealthy(engine: Engine, lab: Lab, silent: Mapping[str, str]) -> LabError:
    """Return the error that tells of each silent service: its state and its last words."""
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
