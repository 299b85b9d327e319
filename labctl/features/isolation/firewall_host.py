"""Where the firewall is that the labs' packets meet, and how to run a command there.

For root, on the Engine's own machine: here. For other users, and for an Engine on another machine or in
a virtual one: in a container on that host's network, allowed to change its rules and nothing else.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from labctl.engine import HOST_NETWORK, ContainerSpec, Engine, Finished
from labctl.features.provision.base_image import ARGUMENT
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.situation import engine_address
from labctl.labels import FIREWALL
from labctl.model import Build, Definition, Service

IMAGE = "labctl/firewall"
NAME = "labctl-firewall"
LIFETIME_S = 30  # should labctl be killed, the container ends by itself, and is removed

Run = Callable[[Sequence[str]], Finished]


def may_set_here(environ: Mapping[str, str]) -> bool:
    """Tell whether we could set rules ourselves: as root, with the Engine at a socket of this machine."""
    return os.geteuid() == 0 and engine_address(environ, EnginePaths()).startswith("unix:")


def firewall_image(definition: Definition) -> tuple[str, Build]:
    """Return tag and recipe of the container's image; it has the same base as the lab's."""
    builds = [service.build for service in definition.services.values() if service.build is not None]
    bases = [build.args[ARGUMENT] for build in builds if ARGUMENT in build.args]
    arguments = {ARGUMENT: bases[0]} if bases else {}
    return IMAGE, Build(Path(__file__).parent / "image", args=arguments)


@contextmanager
def in_a_container(engine: Engine, image: str) -> Iterator[Run]:
    """Yield what runs a command on the Engine's host; the container is gone afterwards.

    Raises:
        EngineError: the Engine refuses such a container.
    """
    container_id = engine.create(_spec(image))
    try:
        engine.start(container_id)
        yield lambda argv: engine.execute(container_id, argv)
    finally:
        engine.remove(container_id)


def _spec(image: str) -> ContainerSpec:
    name = f"{NAME}-{secrets.token_hex(4)}"
    service = Service(
        name,
        image,
        line=0,
        command=("sleep", str(LIFETIME_S)),
        user="0",
        read_only=True,
        tmpfs={"/run": "size=64k"},  # the legacy programs want a lock there
        cap_drop=("ALL",),
        cap_add=("NET_ADMIN", "NET_RAW"),  # the legacy programs read their tables by a raw socket
        security_opt=("no-new-privileges:true",),
        mem_limit_bytes=64 * 1024**2,
        pids_limit=32,
    )
    return ContainerSpec(name, service, HOST_NETWORK, {}, {FIREWALL: "true"}, ephemeral=True)
