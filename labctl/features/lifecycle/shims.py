"""Which containers of a lab share a shim, the process by which the Engine keeps a container.

A shim costs some MiB, and by its timers a fortieth of a percent of a core: where each of a class's hundreds
of containers has its own, that is most of what the class costs when it is idle.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from labctl.engine import ContainerSpec

# A shim makes one container after another. With three a lab comes up as fast as with one for each container.
SHIMS = 3


def share_shims(specs: Sequence[ContainerSpec]) -> list[ContainerSpec]:
    """Return containers that are made in one go so that they share a few shims.

    No later container joins these: a shim ends with the last of its containers, and one that were
    made at that moment would not start.
    """
    together = uuid.uuid4().hex
    return [replace(each, shim=f"{together}-{number % SHIMS}") for number, each in enumerate(specs)]
