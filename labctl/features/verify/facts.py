"""The facts that services/fingerprint finds in a container, read by a command in it."""

import json
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network

from labctl.engine import Engine
from labctl.errors import EngineError
from labctl.features.lifecycle.lab import Lab
from labctl.features.lifecycle.readiness import OBSERVER
from labctl.model import Service

PROGRAM = "fingerprint"
NETWORK = "network"
GATEWAY = "gateway"

Facts = Mapping[str, Mapping[str, Mapping[str, str]]]  # kind -> name -> attribute -> value


def read_facts(engine: Engine, container_id: str, lab: Lab, service: Service) -> Facts:
    """Return the fingerprint of a running container, the learner's work left out.

    Args:
        engine: where it is.
        container_id: which one.
        lab: its lab; what is the lab's alone is replaced, so that labs can be compared.
        service: which of the lab's it is.

    Raises:
        EngineError: the command did not run to its end.
    """
    folders = [service.work, *shared_folders(lab, service)]
    # In the toolbox, where the learner's programs are, under a user that they cannot touch.
    user = OBSERVER if service.is_toolbox else None
    finished = engine.execute(container_id, [PROGRAM, *folders], user=user)
    try:
        facts: Facts = json.loads(finished.output)
    except json.JSONDecodeError:
        raise EngineError("the fingerprint could not be taken", log=finished.output[-400:]) from None
    return {**facts, NETWORK: without_subnets(facts.get(NETWORK, {}), lab.subnets)}


def shared_folders(lab: Lab, service: Service) -> list[str]:
    """Return where a service has what other services of the lab have mounted too."""
    others = [each for each in lab.definition.services.values() if each.name != service.name]
    sources = {mount.source for each in others for mount in each.mounts}
    return [mount.target for mount in service.mounts if mount.source in sources]


def without_subnets(
    facts: Mapping[str, Mapping[str, str]], subnets: Sequence[str]
) -> dict[str, Mapping[str, str]]:
    """Return network facts with `the lab's IPv4 subnet`, or IPv6, for each of these and their gateways."""
    replaced: dict[str, Mapping[str, str]] = {}
    for name, attributes in facts.items():
        words = [_subnet_words(word, subnets) if word in subnets else word for word in name.split(" ")]
        gateway = attributes.get(GATEWAY)
        own = gateway is not None and any(ip_address(gateway) in ip_network(each) for each in subnets)
        replaced[" ".join(words)] = {**attributes, GATEWAY: "the lab's"} if own else attributes
    return replaced


def _subnet_words(subnet: str, subnets: Sequence[str]) -> str:
    """Return what a subnet of the lab is called, with its number where the lab has several of one family."""
    version = ip_network(subnet).version
    number = [each for each in subnets if ip_network(each).version == version].index(subnet) + 1
    return f"the lab's IPv{version} subnet" + (f" {number}" if number > 1 else "")
