"""The hash of a container's definition: another one would recreate every lab that there is."""

from dataclasses import replace

from labctl import labels
from labctl.engine import NO_NETWORK
from labctl.features.lifecycle.lab import Lab
from labctl.model import Service
from labctl.settings import LabSettings
from tests.unit.definitions import definition

TOOLBOX = Service(
    *("tools", "client", 7),
    labels={"lab.role": "toolbox"},
    mem_limit_bytes=1 << 26,
    shm_size_bytes=1 << 20,
    pids_limit=32,
)
LIMITED = LabSettings(services=("alpha",), mem_limit_bytes=1 << 25)


def hash_of(lab: Lab) -> str:
    return lab.container_spec(TOOLBOX, "client").labels[labels.CONFIG_HASH]


def test_it_is_what_earlier_versions_gave() -> None:
    lab = Lab("ana", definition(), NO_NETWORK)
    assert hash_of(lab) == "c113fbe48689f99a96650f56cbd9fbb2652d734155ee5248dd82eb91977cc604"
    assert (
        hash_of(replace(lab, settings=LIMITED))
        == "8aeaaa617a73e376bc527a1536da8af1a7f8de7c686515d3d6f35cf1517655d5"
    )
