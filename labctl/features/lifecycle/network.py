"""The network a lab is on, or will be on: name, subnets, and getting rid of one that is wrong."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from labctl import labels
from labctl.engine import Engine, ExistingNetwork, Progress
from labctl.errors import EngineError, UnhealthyError
from labctl.features.lifecycle.lab import Lab, lab_from, usual_network_name, wanted_subnets
from labctl.features.lifecycle.routes import read_routes
from labctl.features.lifecycle.state import LabState
from labctl.features.lifecycle.subnets import Pools, choose_subnets, read_pools
from labctl.features.locking import file_lock, lock_path
from labctl.features.parallel import for_each
from labctl.model import Definition
from labctl.settings import USUAL, LabSettings

Placed = tuple[str, tuple[str, ...]]  # a network's name and subnets
ATTEMPTS = 4  # at subnets that the Engine refuses as overlapping, though we cannot see with what
LOCK_TIMEOUT_S = 120.0  # a class of labs that other processes bring up, each network in well under a second


def find_lab_on_its_network(
    definition: Definition, name: str, state: LabState, settings: LabSettings
) -> Lab | None:
    """Return the lab on networks it has already, made from today's definition; or None."""
    found: dict[str, Placed] = {}
    for key in definition.networks:
        for existing in state.networks_of(key):
            place = {key: (existing.name, existing.subnets)}
            segment = _lab_on(definition, name, place, settings).segments[key]
            if existing.labels.get(labels.CONFIG_HASH) == segment.hash:
                found |= place
                break
        else:
            return None
    return _lab_on(definition, name, found, settings)


def lab_as_it_is(definition: Definition, name: str, state: LabState) -> Lab | None:
    """Return a lab on the networks it has, made by labctl or by Compose; None where it has no main one."""
    places = {
        key: (found[0].name, found[0].subnets)
        for key in definition.networks
        if (found := state.networks_of(key))
    }
    if definition.network_key not in places:
        return None
    return replace(_lab_on(definition, name, places, state.settings), images=state.images)


def _lab_on(definition: Definition, name: str, places: Mapping[str, Placed], settings: LabSettings) -> Lab:
    main = definition.network_key
    network_name, subnets = places.get(main, (usual_network_name(name, main), ()))
    return lab_from(definition, name, subnets, network_name, settings, places)


def clear_away(engine: Engine, state: LabState, progress: Progress) -> tuple[str, ...]:
    """Remove a lab's containers and networks; return the names of the networks that stay.

    A network that the Engine will not let go of is left behind; the lab goes on under another name.
    """
    left = []
    for_each([*state.containers, *state.one_offs], lambda each: engine.remove(each.id))
    for network in state.networks:
        try:
            engine.remove_network(network.id)
        except EngineError as error:
            progress(f"network {network.name} stays behind: {error.log}")
            left.append(network.name)
    return tuple(left)


def create_network(engine: Engine, definition: Definition, name: str, settings: LabSettings = USUAL) -> Lab:
    """Make the networks of a lab, and return the lab that is on them.

    Raises:
        EngineError: the Engine refused, for another reason than subnets that overlap.
        UnhealthyError: no subnet is left, or others make networks all the time.
    """
    routes, pools = read_routes(), read_pools(os.environ)
    places: dict[str, Placed] = {}
    with _networks_lock():
        for key in definition.networks:
            wanted = wanted_subnets(definition, name, key)
            others = (
                wanted_subnets(definition, name, other) for other in definition.networks if other != key
            )
            taken = [*routes, *(subnet for each in others for subnet in each)]

            def create(place: Placed, key: str = key) -> None:
                lab = _lab_on(definition, name, {key: place}, settings)
                segment = lab.segments[key]
                own = {**lab.owner_labels, **lab.settings_label}
                own |= {labels.NETWORK: key, labels.CONFIG_HASH: segment.hash}
                engine.create_network(segment.name, segment.network, own)

            places[key] = _create_one(
                engine, create, usual_network_name(name, key), wanted=wanted, taken=taken, pools=pools
            )
    return _lab_on(definition, name, places, settings)


def _create_one(
    engine: Engine,
    create: Callable[[Placed], None],
    usual: str,
    *,
    wanted: Sequence[str],
    taken: Sequence[str],
    pools: Pools,
) -> Placed:
    """Create one network, under its usual name or another, on free subnets; return where."""

    def plan() -> Placed:
        networks = engine.networks()
        subnets = [subnet for each in networks for subnet in each.subnets]
        return _free_name(usual, networks), choose_subnets(wanted, [*taken, *subnets], pools)

    place, refused = plan(), 0
    while True:
        try:
            create(place)
        except EngineError as error:
            if "overlap" not in error.log:
                raise
            before, place = place, plan()
            if place[1] != before[1]:
                continue  # a process without our lock was faster
            refused += 1
            if refused == ATTEMPTS:
                raise
            taken = [*taken, *before[1]]
            place = plan()
        else:
            return place


def _free_name(usual: str, networks: Sequence[ExistingNetwork]) -> str:
    spare_names = [usual, *(f"{usual}-{number}" for number in range(1, len(networks) + 1))]
    return next(each for each in spare_names if each not in {n.name for n in networks})


@contextmanager
def _networks_lock() -> Iterator[None]:
    """Keep this user's other labctl processes and threads from choosing the same subnets as we do."""
    path = lock_path("-networks")
    with file_lock(
        path,
        waiting=lambda _: None,
        too_long=lambda _: UnhealthyError(
            f"others have been making networks for more than {LOCK_TIMEOUT_S:g} s",
            where=str(path),
            hint=f"fuser -v {path}; then the same again",
        ),
        timeout_s=LOCK_TIMEOUT_S,
    ):
        yield
