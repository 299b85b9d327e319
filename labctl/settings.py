"""What one lab has otherwise than the Compose file says: a roster's choices, kept as a label.

They stand on what the Engine has of the lab, so that a later `up` or `reset` without the roster
makes the same lab again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

# Names of fields in labels and hashes, which existing labs carry: another name would recreate every lab.
STORED_AS = {"mem_limit_bytes": "mem_limit_octets", "shm_size_bytes": "shm_size_octets"}


def stored(values: Mapping[str, object]) -> dict[str, object]:
    """Return values by field under the names that labels and hashes have for the fields."""
    return {STORED_AS.get(name, name): value for name, value in values.items()}


@dataclass(frozen=True)
class LabSettings:
    """The choices for one lab; each has a default that changes nothing.

    Attributes:
        services: the services it has, its toolbox besides; none named: all.
        mem_limit_bytes: no container gets more memory than this; 0: as the file says, here and below.
        cpus: no container gets more CPUs than these.
        pids_limit: no container gets more processes than these.
        work: a folder of the host that is the learner's home; empty: the lab's own volume.
        work_owner: that folder's owner as `uid:gid`; the toolbox runs as this user.
        profiles: those of its services that are in one of these profiles, besides those in none; "*": all.
    """

    services: tuple[str, ...] = ()
    mem_limit_bytes: int = 0
    cpus: float = 0.0
    pids_limit: int = 0
    work: str = ""
    work_owner: str = ""
    profiles: tuple[str, ...] = ()

    def as_label(self) -> str:
        """Return the choices that were made, as JSON; `{}` when there are none."""
        return json.dumps(
            stored({name: value for name, value in asdict(self).items() if value}), sort_keys=True
        )

    @classmethod
    def from_label(cls, text: str) -> "LabSettings":
        """Return what `as_label` gave, without what only another version of labctl knows."""
        known = {field.name for field in fields(cls)}
        said = json.loads(text or "{}")
        made = {name: said[key] for name in known if (key := STORED_AS.get(name, name)) in said}
        made |= {name: tuple(value) for name, value in made.items() if isinstance(value, list)}
        return cls(**made)


USUAL = LabSettings()  # all as the file says
