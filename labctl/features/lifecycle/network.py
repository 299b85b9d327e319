"""The network a lab is on, or will be on: name, subnets, and getting rid of one that is wrong."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from labctl import labels
from labctl.engine import Engine, ExistingNetwork, Progress
from labctl.errors import EngineError, UnhealthyError
from labctl.features.lifecycle.lab import Lab, lab_from, usual_network_name, wanted_subnets
from labctl.features.lifecycle.routes import read_routes
from labctl.features.lifecycle.state import LabState
from labctl.features.lifecycle.subnets import USUAL_POOLS, Pools, choose_subnets, read_pools
from labctl.features.locking import hold_file, lock_path
from labctl.features.parallel import for_each
from labctl.model import Definition
from labctl.settings import USUAL, LabSettings

ATTEMPTS = 4  # at subnets of which the Engine knows that somebody has them, and we cannot see who
LOCK_TIMEOUT_S = 120.0  # a class of labs that other processes bring up, each network in well under a second


def find_lab_on_its_network(
    definition: Definition, name: str, state: LabState, settings: LabSettings
) -> Lab | None:
    """Return the lab on a network it has already, made from today's definition; or None."""
    for existing in state.networks:
        lab = lab_from(definition, name, existing.subnets, existing.name, settings)
        if existing.labels.get(labels.CONFIG_HASH) == lab.network_hash:
            return lab
    return None


def clear_away(engine: Engine, state: LabState, tell: Progress) -> tuple[str, ...]:
    """Remove a lab's containers and networks; return the names of the networks that stay.

    A network that the Engine will not let go of is left behind; the lab goes on under another name.
    """
    left = []
    for_each([*state.containers, *state.one_offs], lambda each: engine.remove(each.id))
    for network in state.networks:
        try:
            engine.remove_network(network.id)
        except EngineError as error:
            tell(f"network {network.name} stays behind: {error.log}")
            left.append(network.name)
    return tuple(left)


def plan_lab_on_new_network(
    definition: Definition,
    name: str,
    networks: Sequence[ExistingNetwork],
    taken: Sequence[str] = (),
    settings: LabSettings = USUAL,
    pools: Pools = USUAL_POOLS,
) -> Lab:
    """Return the lab on a network name and on subnets that nobody has.

    Args:
        definition: the Compose file's.
        name: the lab's.
        networks: all the Engine has.
        taken: more subnets to keep away from, such as the host's routes.
        settings: what this lab has otherwise.
        pools: what its subnets are taken from.
    """
    usual = usual_network_name(name)
    spare_names = [usual, *(f"{usual}-{number}" for number in range(1, len(networks) + 1))]
    network_name = next(each for each in spare_names if each not in {n.name for n in networks})
    wanted = wanted_subnets(definition, name)
    subnets = [*taken, *(subnet for each in networks for subnet in each.subnets)]
    return lab_from(definition, name, choose_subnets(wanted, subnets, pools), network_name, settings)


def create_network(engine: Engine, definition: Definition, name: str, settings: LabSettings = USUAL) -> Lab:
    """Make a network for a lab, and return the lab that is on it.

    Raises:
        EngineError: the Engine refused, for another reason than subnets that overlap.
        UnhealthyError: no subnet is left, or others make networks all the time.
    """
    taken, pools = read_routes(), read_pools(os.environ)

    def plan() -> Lab:
        return plan_lab_on_new_network(definition, name, engine.networks(), taken, settings, pools)

    with _alone_with_networks():
        lab, refused = plan(), 0
        while True:
            own = {**lab.owner_labels, **lab.settings_label}
            own |= {labels.NETWORK: "default", labels.CONFIG_HASH: lab.network_hash}
            try:
                engine.create_network(lab.network_name, lab.definition.network, own)
            except EngineError as error:
                if "overlap" not in error.log:
                    raise
                subnets = lab.definition.network.subnets
                lab = plan()
                if lab.definition.network.subnets != subnets:
                    continue  # somebody who does not hold our lock was faster
                refused += 1
                if refused == ATTEMPTS:
                    raise
                taken = [*taken, *subnets]
                lab = plan()
            else:
                return lab


@contextmanager
def _alone_with_networks() -> Iterator[None]:
    """Keep this user's other labctl processes and threads from choosing the same subnets as we do."""
    path = lock_path("-networks")
    with hold_file(
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
