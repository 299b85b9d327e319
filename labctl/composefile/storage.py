"""What a service finds in its container's file system: `volumes` and `tmpfs`."""

import os
import re
from collections.abc import Collection
from pathlib import Path

from labctl.composefile.place import Fields, Place, suggest
from labctl.composefile.values import parse_size_bytes, shown
from labctl.model import Mount

# A program that can use one of these is root on the host.
ENGINE_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock")

# Those the Engine lets through to the kernel, and the kernel knows of a tmpfs.
_TMPFS_OPTION = re.compile(
    r"r[ow]|a?sync|(?:no)?(?:suid|dev|exec|atime|diratime|relatime|strictatime)"
    r"|size=[0-9]+[kmgKMG%]?|nr_(?:inodes|blocks)=[0-9]+[kmgKMG]?|mode=[0-7]{1,5}|[ug]id=[0-9]+|mpol=[a-z]+"
)


def read_storage(
    fields: Fields, folder: Path, volumes: Collection[str]
) -> tuple[tuple[Mount, ...], dict[str, str]]:
    """Return the mounts and the tmpfs of a service; no path of the container may have two.

    Args:
        fields: the service's, of which `volumes` and `tmpfs` are read.
        folder: where relative paths begin.
        volumes: the names of the file's volumes.

    Raises:
        ComposeFileError: a value is not what it must be, or would give the host away.
    """
    reader = _StorageReader(folder, volumes)
    for place in fields.given("tmpfs", Place.one_or_several, []):
        reader.read_tmpfs(place)
    for place in fields.given("volumes", Place.elements, []):
        if place.is_mapping:
            reader.read_long_volume(place)
        else:
            reader.read_short_volume(place)
    return tuple(reader.mounts), reader.tmpfs


def refuse_engine_socket(path: str, place: Place) -> None:
    """Refuse to show a container the Engine's socket, or a folder in which it stands.

    Raises:
        ComposeFileError: the path leads to one.
    """
    if holds_engine_socket(path):
        raise place.error(f"{shown(path)} holds the Engine's socket, which no container may have")


def holds_engine_socket(path: str) -> bool:
    """Return whether a path of the host is the Engine's socket, or a folder in which it stands."""
    return any(
        candidate.endswith("/docker.sock")
        or any(os.path.commonpath((candidate, socket)) == candidate for socket in ENGINE_SOCKETS)
        for candidate in (os.path.normpath(path), os.path.realpath(path))
    )


class _StorageReader:
    """Collects what one service mounts."""

    def __init__(self, folder: Path, volumes: Collection[str]) -> None:
        self.mounts: list[Mount] = []
        self.tmpfs: dict[str, str] = {}
        self._folder = folder
        self._volumes = volumes
        self._taken: set[str] = set()

    def read_tmpfs(self, place: Place) -> None:
        """Read `/tmp` or `/tmp:size=16m,mode=1777`."""
        target, colon, options = place.text().partition(":")
        for option in options.split(",") if colon else ():
            if not _TMPFS_OPTION.fullmatch(option):
                raise place.error(f"{shown(option)} is no mount option such as size=16m or mode=1777")
        self.tmpfs[self._take(target, place)] = options

    def read_short_volume(self, place: Place) -> None:
        """Read `work:/home/student` or `./files:/srv:ro`."""
        source, colon, rest = place.text().partition(":")
        target, _, mode = rest.partition(":")
        if not (source and colon):
            raise place.error(f"{shown(place.text())} is not SOURCE:TARGET")
        if mode not in ("", "rw", "ro"):
            raise place.error(f"mode {shown(mode)} is not supported (there is ro, rw)")
        kind = "bind" if source.startswith(("/", ".", "~")) else "volume"
        self.mounts.append(
            Mount(kind, self._source(kind, source, place), self._take(target, place), mode == "ro")
        )

    def read_long_volume(self, place: Place) -> None:
        """Read a mapping with a `type`."""
        fields = place.fields(("type", "source", "target", "read_only", "tmpfs"))
        kind = fields["type"].text()
        target = self._take(fields["target"].text(), fields["target"])
        if kind == "tmpfs":
            for key in ("source", "read_only"):
                if key in fields:
                    raise fields[key].error("a tmpfs has none", line=fields[key].key_line)
            self.tmpfs[target] = fields.given("tmpfs", _read_tmpfs_size, "")
        elif kind in ("bind", "volume") and "tmpfs" not in fields:
            source = self._source(kind, fields["source"].text(), fields["source"])
            self.mounts.append(Mount(kind, source, target, fields.given("read_only", Place.flag, False)))
        else:
            raise fields["type"].error(f"{shown(kind)} is not supported here (there is bind, tmpfs, volume)")

    def _take(self, target: str, place: Place) -> str:
        """Return a path of the container that nothing else has been mounted on."""
        path = "/" + os.path.normpath(target).lstrip("/")  # normpath keeps two slashes in front
        if not target.startswith("/") or path == "/":
            raise place.error(f"{shown(target)} is no path in the container")
        if path in self._taken:
            raise place.error(f"{shown(path)} is mounted twice")
        self._taken.add(path)
        return path

    def _source(self, kind: str, source: str, place: Place) -> str:
        """Return the name of a volume there is, or the full path of a folder a container may see."""
        if kind == "volume":
            if source not in self._volumes:
                raise place.error(f"no volume {shown(source)} in the file{suggest(source, self._volumes)}")
            return source
        if source.startswith("~"):
            raise place.error(f"{shown(source)} is another folder for each user; begin with ./ or /")
        path = os.path.normpath(self._folder / source)
        refuse_engine_socket(path, place)
        return path


def _read_tmpfs_size(place: Place) -> str:
    size = place.fields(("size",))["size"].read(parse_size_bytes)
    return f"size={size}"
