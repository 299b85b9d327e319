"""What a Compose file may ask for without being trusted: a decision apart from reading the file.

A file is read in `composefile`, which refuses what no lab can have. Here stands what a lab may have, but not
only because some file says so: a file in a learner's home asks for the host's folders as easily as the
course's own does. Pure functions from a Definition, and from what its images say; only symbolic links are
looked up, as they decide which folder of the host is meant.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.model import Definition, Service, Volume

ALLOWED_CAPABILITIES = frozenset({"NET_RAW"})  # the course's own file needs it, for captures
ALLOWED_SECURITY = "no-new-privileges"
# The others send what containers print to other programs and machines.
ALLOWED_LOGGING = frozenset({"json-file", "local", "none"})


@dataclass(frozen=True)
class Excess:
    """One thing a file asks for beyond the policy: the service or volume, its line, and what it asks for."""

    where: str
    line: int
    what: str


def find_excesses(definition: Definition) -> list[Excess]:
    """Return all that a file asks for beyond the policy, in the file's order; none: it needs no trust."""
    folder = definition.path.parent
    found = [
        Excess(f"service '{service.name}'", service.line, what)
        for service in definition.services.values()
        for what in _of_service(service, folder)
    ]
    for volume in definition.volumes.values():
        found += [Excess(f"volume '{volume.name}'", 0, what) for what in _of_volume(volume)]
    return found


def excess_lines(excesses: Iterable[Excess]) -> list[str]:
    """Return a line for each thing that is asked for, with the services that ask for it."""
    asking: dict[str, list[str]] = {}
    for each in excesses:
        asking.setdefault(each.what, []).append(each.where)
    lines = []
    for what, (first, *others) in asking.items():
        more = f" (and {len(others)} more)" if others else ""
        lines.append(f"{first} asks for {what}{more}")
    return lines


def find_unsafe_images(definition: Definition, users: Mapping[str, str]) -> list[Excess]:
    """Return the services that may run as root because their image says so, or leaves it open.

    Args:
        definition: the file's; a service for which it names a user is none of these.
        users: for each image, the user that it says its containers run as; empty: it says none.
    """
    return [
        Excess(
            f"service '{each.name}'",
            each.line,
            f"user {users[each.image] or 'root'}, as image {each.image} says",
        )
        for each in definition.services.values()
        if each.user is None and each.image in users and may_be_root(users[each.image])
    ]


def may_be_root(user: str) -> bool:
    """Return whether `USER[:GROUP]` of a file or an image may be root, or in root's group.

    What a name means, the image says: any can be root there. So does it of a user's usual group, which is
    root's where the image does not know the user.
    """
    ids = user.split(":")
    return len(ids) != 2 or not all(each.isascii() and each.isdecimal() and int(each) for each in ids)


def _of_service(service: Service, folder: Path) -> Iterator[str]:
    for mount in service.mounts:
        if mount.kind == "bind" and not _is_below(Path(mount.source), folder):
            yield f"the host's folder {mount.source}"
    for env_file in service.env_files:
        if not _is_below(Path(env_file), folder):
            yield f"the variables of {env_file}"
    if service.user is not None and may_be_root(service.user):
        yield f"user {service.user}"
    for capability in service.cap_add:
        if capability.removeprefix("CAP_") not in ALLOWED_CAPABILITIES:
            yield f"capability {capability}"
    for option in service.security_opt:
        if not option.startswith(ALLOWED_SECURITY):
            yield f"security option {option}"
    if service.logging_driver is not None and service.logging_driver not in ALLOWED_LOGGING:
        yield f"logging driver {service.logging_driver}"
    if service.build is not None:
        context = service.build.context
        dockerfile = context / service.build.dockerfile
        if not _is_below(context, folder):
            yield f"an image built from {context}"
        if not (_is_below(dockerfile, folder) or _is_below(dockerfile, context)):
            yield f"an image built from {dockerfile}"


def _of_volume(volume: Volume) -> Iterator[str]:
    if volume.driver != Volume.driver:
        yield f"volume driver {volume.driver}"
    options = volume.driver_opts
    if options and options.get("type") != "tmpfs":
        yield f"a mount of {options.get('device', 'the host')} (type {options.get('type', 'not given')})"


def _is_below(path: Path, folder: Path) -> bool:
    """Return whether a path is the folder or below it, wherever symbolic links lead."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
