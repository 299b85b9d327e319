"""An Engine in memory, for unit tests of decisions: it can be told to fail at a step.

What it promises is what the real one promises: tests/contract runs the same tests on both.
"""

import io
import itertools
import json
import tarfile
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import IO

from labctl import labels as known_labels
from labctl.cancellation import raise_if_cancelled
from labctl.engine import (
    EXEC_LIMIT_BYTES,
    EXEC_TIMEOUT_S,
    NO_NETWORK,
    Container,
    ContainerSpec,
    ExistingImage,
    ExistingNetwork,
    Finished,
    OutputLine,
    Progress,
)
from labctl.errors import EngineError
from labctl.features.work import copying
from labctl.features.work.inside import STAGE
from labctl.model import Network, Volume

SKELETON = {".profile": b"# as the image has it\n"}  # what a new home is filled with


class Crash(BaseException):
    """The fake's kill -9: no code of ours may catch it."""


@dataclass
class FakeEngine:
    """Containers, networks and volumes as plain values.

    Attributes:
        crash_at: the number of the changing step at which to crash before doing it; None: never.
        silent: names of services that never answer a probe.
        deaf: names of services whose PID 1 does not reset in place.
        refusing: names of services whose PID 1 says that it cannot.
        litter: for services by name, a file that lies in their present container.
        sticky: names of services in whose every container, but not in a twin's, a file lies.
        stuck_networks: ids of networks that cannot be removed.
        files: for each volume or folder of the host, what is in it: a file's name and its content.
        missing_folders: folders of the host that are not there.
        cut_off: how many reads of a folder from now on end too early.
        printed: the lines that a command which is streamed prints.
    """

    images: dict[str, str] = field(default_factory=lambda: {"server": "sha256:s1", "client": "sha256:c1"})
    crash_at: int | None = None
    silent: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    litter: dict[str, str] = field(default_factory=dict)
    sticky: set[str] = field(default_factory=set)
    stuck_networks: set[str] = field(default_factory=set)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cut_off: int = 0
    printed: list[OutputLine] = field(default_factory=list)
    missing_folders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._containers: dict[str, Container] = {}
        self._specs: dict[str, ContainerSpec] = {}
        self._networks: dict[str, ExistingNetwork] = {}
        self._volumes: dict[str, Mapping[str, str]] = {}
        self._logs: dict[str, list[tuple[float, str]]] = {}
        self._numbers = itertools.count(1)
        self._stages: dict[str, dict[str, bytes]] = {}  # by container
        self.steps: list[str] = []
        self.image_labels: dict[str, Mapping[str, str]] = {}  # by id
        self.image_users: dict[str, str] = {}  # by tag
        self.looks: list[str] = []  # at whose logs

    def _step(self, what: str) -> None:
        if not what.startswith("remove id"):  # containers go even then
            raise_if_cancelled()
        if self.crash_at is not None and len(self.steps) >= self.crash_at:
            raise Crash(what)
        self.steps.append(what)

    def recover(self) -> None:
        """Crash no more."""
        self.crash_at = None

    def ping(self) -> str:
        return "fake"

    def time(self) -> float:
        return float(next(self._numbers))

    def containers(self, labels: Mapping[str, str | None]) -> list[Container]:
        there = list(self._containers.values())  # at once, as other threads create and remove
        return [each for each in there if _carries(each.labels, labels)]

    def create(self, spec: ContainerSpec) -> str:
        self._step(f"create {spec.name}")
        if any(each.name == spec.name for each in list(self._containers.values())):
            raise EngineError(f"create {spec.name}", log="the name is already in use")
        for network in (spec.network, *spec.more_networks):
            if network not in {NO_NETWORK} | {each.name for each in self._networks.values()}:
                raise EngineError(f"create {spec.name}", log=f"network {network} not found")
        for mount in spec.service.mounts:
            if mount.kind == "bind" and mount.source in self.missing_folders:
                raise EngineError(
                    f"create {spec.name}", log=f"bind source path does not exist: {mount.source}"
                )
            if mount.kind == "bind":
                self.files.setdefault(mount.source, {})
        number = next(self._numbers)
        made = Container(
            id=f"id{number}",
            name=spec.name,
            state="created",
            status="Created",
            image_id=self.images.get(spec.service.image, spec.service.image),
            labels={**spec.service.labels, **spec.labels},
            addresses=dict.fromkeys((spec.network, *spec.more_networks), ("", "")),
        )
        for mount in spec.service.mounts:
            if mount.kind == "volume":
                self._fill_if_new(spec.volumes[mount.source], mount.target)
        self._containers[made.id] = made
        self._specs[made.id] = spec
        return made.id

    def start(self, container_id: str) -> None:
        container = self._containers[container_id]
        self._step(f"start {container.name}")
        number = container_id.removeprefix("id")
        addresses = dict.fromkeys(container.addresses, (f"10.89.0.{number}", f"fd6c:6162::{number}"))
        self._containers[container_id] = replace(
            container, state="running", status="Up 1 second", addresses=addresses
        )

    def kill(self, container_id: str, signal: str) -> None:
        self._step(f"kill {container_id} {signal}")
        container = self._containers[container_id]
        if signal != "HUP":
            self._containers[container_id] = replace(container, state="exited", status="Exited (137) now")
        elif container.labels[known_labels.SERVICE] in self.refusing:
            self.log(container_id, "init: not reset: limits were lowered")
        elif container.labels[known_labels.SERVICE] not in self.deaf:
            self.log(container_id, "init: reset")

    def log(self, container_id: str, line: str) -> None:
        """Do what a process in a container does when it prints a line."""
        self._logs.setdefault(container_id, []).append((float(next(self._numbers)), line))

    def remove(self, container_id: str) -> None:
        self._step(f"remove {container_id}")
        removed = self._containers.pop(container_id, None)
        if removed is not None and removed.labels.get(known_labels.ONEOFF) == "False":
            self.litter.pop(removed.labels[known_labels.SERVICE], None)

    def spec(self, container_id: str) -> ContainerSpec:
        """Return what a container was made from."""
        return self._specs[container_id]

    def disconnect_all(self, container_id: str) -> None:
        """Do what `docker network disconnect` does (a test's own doing, not labctl's)."""
        self._containers[container_id] = replace(self._containers[container_id], addresses={})

    def execute(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        user: str | None = None,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Finished:
        assert self._containers[container_id].state == "running"
        if argv[0] == "fingerprint":
            return Finished(0, json.dumps({"file": self._files(self._containers[container_id])}))
        if argv[:3] == ["python3", "-I", "-c"]:
            return self._copy(container_id, *argv[4:])
        if argv[0] != "probe":
            return Finished(0, "")
        asked = [question.partition("@") for question in argv if "@" in question]
        running = self._running_services_beside(container_id)
        missing = [(n, p) for n, _, p in asked if n not in running or n in self.silent]
        return Finished(1 if missing else 0, "\n".join(f"{n}@{p}: refused" for n, p in missing))

    def _copy(self, container_id: str, source: str, target: str, limits: str) -> Finished:
        """Do what the program that a home is copied by does, by itself, in folders of this machine."""
        with tempfile.TemporaryDirectory() as folder:
            places = [Path(folder, "source"), Path(folder, "target")]
            homes = [self._folder(container_id, source), self._folder(container_id, target)]
            for place, home in zip(places, homes, strict=True):
                place.mkdir()
                for name, content in home.items():
                    (place / name).parent.mkdir(parents=True, exist_ok=True)
                    (place / name).write_bytes(content)
            said = copying.copy(str(places[0]), str(places[1]), json.loads(limits))
            found = {each.relative_to(places[1]): each for each in places[1].rglob("*") if each.is_file()}
            homes[1].update({str(name): each.read_bytes() for name, each in found.items()})
        return Finished(0, json.dumps(said))

    def _files(self, container: Container) -> dict[str, dict[str, str]]:
        service = container.labels[known_labels.SERVICE]
        files = {"/tmp": {"type": "folder"}}
        if container.labels[known_labels.ONEOFF] == "False":
            files |= {self.litter[service]: {"type": "file"}} if service in self.litter else {}
            files |= {"/tmp/sticky": {"type": "file"}} if service in self.sticky else {}
        return files

    def _running_services_beside(self, container_id: str) -> set[str]:
        project = self._containers[container_id].labels[known_labels.PROJECT]
        return {
            each.labels[known_labels.SERVICE]
            for each in list(self._containers.values())
            if each.state == "running" and each.labels[known_labels.PROJECT] == project
        }

    def stream(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Iterator[OutputLine]:
        yield from self.printed

    def converse(self, container_id: str, argv: Sequence[str], *, user: str | None = None) -> int:
        return 0

    def logs(
        self,
        container_id: str,
        *,
        tail: int | None,
        follow: bool,
        timestamps: bool,
        since: float | None = None,
    ) -> Iterator[bytes]:
        self.looks.append(container_id)
        lines = self._logs.get(container_id, [(0.0, "a line of its log")])
        for time_s, line in lines[-(tail or len(lines)) :]:
            if since is None or time_s >= since:
                stamp = f"2026-01-01T00:00:00.{int(time_s):09} " if timestamps else ""
                yield f"{stamp}{line}\n".encode()

    def _fill_if_new(self, volume: str, target: str) -> None:
        """Do what the Engine does: make a volume that is missing, copy in what the image has at that path."""
        self._volumes.setdefault(volume, {})
        if not self.files.get(volume):
            self.files[volume] = dict(SKELETON) if target == "/home/student" else {}

    def _folder(self, container_id: str, path: str) -> dict[str, bytes]:
        spec = self._specs[container_id]
        for mount in spec.service.mounts:
            if mount.target == path:
                return self.files[spec.volumes.get(mount.source, mount.source)]
        if path == f"/{STAGE}":
            return self._stages.setdefault(container_id, {})
        return SKELETON

    def read_folder(self, container_id: str, path: str) -> Generator[bytes, None, None]:
        packed = packed_home(self._folder(container_id, path), path.rpartition("/")[2])
        if self.cut_off:
            self.cut_off -= 1
            packed = packed[:1024]
        yield from (packed[at : at + 700] for at in range(0, len(packed), 700))

    def write_folder(self, container_id: str, path: str, tar: Iterable[bytes]) -> None:
        self._step(f"write {path}")
        with tarfile.open(fileobj=io.BytesIO(b"".join(tar))) as unpacked:
            for member in unpacked:
                root, _, name = member.name.partition("/")
                if file := unpacked.extractfile(member):
                    self._step(f"write {name}")
                    self._folder(container_id, path + root)[name] = file.read()

    def memory_bytes(self, container_id: str) -> int | None:
        return 10 * 1024 * 1024

    def networks(self) -> list[ExistingNetwork]:
        return list(self._networks.values())

    def create_network(self, name: str, network: Network, labels: Mapping[str, str]) -> None:
        self._step(f"create network {name}")
        for each in self._networks.values():
            if each.name == name:
                raise EngineError(f"create network {name}", log="it exists")
            if set(each.subnets) & set(network.subnets):
                raise EngineError(f"create network {name}", log="Pool overlaps with other one")
        number = f"net{next(self._numbers)}"
        self._networks[number] = ExistingNetwork(number, name, network.subnets, {**network.labels, **labels})

    def remove_network(self, network_id: str) -> None:
        self._step(f"remove network {network_id}")
        if network_id in self.stuck_networks:
            raise EngineError("remove the network", log="it has active endpoints")
        self._networks.pop(network_id, None)

    def volumes(self, labels: Mapping[str, str | None]) -> list[str]:
        return [name for name, own in self._volumes.items() if _carries(own, labels)]

    def volume_labels(self, labels: Mapping[str, str | None]) -> dict[str, Mapping[str, str]]:
        return {name: own for name, own in self._volumes.items() if _carries(own, labels)}

    def create_volume(self, name: str, volume: Volume, labels: Mapping[str, str]) -> None:
        self._step(f"create volume {name}")
        self._volumes.setdefault(name, {**volume.labels, **labels})

    def remove_volume(self, name: str) -> None:
        self._step(f"remove volume {name}")
        if any(self._mounts(each, name) for each in self._containers):
            raise EngineError(f"remove volume {name}", log="volume is in use")
        self._volumes.pop(name, None)
        self.files.pop(name, None)

    def _mounts(self, container_id: str, volume: str) -> bool:
        spec = self._specs[container_id]
        return any(spec.volumes.get(mount.source) == volume for mount in spec.service.mounts)

    def image_id(self, tag: str) -> str | None:
        return self.images.get(tag, tag if tag in self.images.values() else None)

    def list_images(self) -> list[ExistingImage]:
        tags: dict[str, list[str]] = {}
        for tag, image_id in self.images.items():
            tags.setdefault(image_id, []).append(tag)
        return [
            ExistingImage(image_id, tuple(own), self.image_labels.get(image_id, {}), 1 << 20)
            for image_id, own in tags.items()
        ]

    def image_label(self, tag: str, label: str) -> str | None:
        return self.image_labels.get(self.images.get(tag, tag), {}).get(label)

    def image_user(self, tag: str) -> str | None:
        return self.image_users.get(tag, "1000:1000") if self.image_id(tag) is not None else None

    def build_image(
        self,
        *,
        context: Path,
        dockerfile: str,
        target: str | None,
        args: Mapping[str, str],
        labels: Mapping[str, str],
        tag: str,
        progress: Progress,
        layer: Callable[[str], None],
    ) -> None:
        self._step(f"build {tag}")
        self.images[tag] = f"sha256:{next(self._numbers):012}"
        self.image_labels[self.images[tag]] = labels

    def import_image(self, tar: IO[bytes], tag: str, labels: Mapping[str, str]) -> None:
        self._step(f"import {tag}")
        self.images[tag] = f"sha256:{next(self._numbers)}"

    def pull_image(self, tag: str, progress: Progress) -> bool:
        return False

    def tag_image(self, image_id: str, tag: str) -> None:
        self._step(f"tag {image_id} {tag}")
        self.images[tag] = image_id

    def remove_image(self, reference: str) -> None:
        self._step(f"remove image {reference}")
        self.images.pop(reference, None)


def packed_home(files: Mapping[str, bytes], name: str = "work") -> bytes:
    """Return a folder with these files as a tar."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        folder = tarfile.TarInfo(name)
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for inner in sorted({str(above) for each in files for above in PurePath(each).parents} - {"."}):
            folder = tarfile.TarInfo(f"{name}/{inner}")
            folder.type = tarfile.DIRTYPE
            tar.addfile(folder)
        for each, content in sorted(files.items()):
            info = tarfile.TarInfo(f"{name}/{each}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def _carries(own: Mapping[str, str], wanted: Mapping[str, str | None]) -> bool:
    return all(name in own and value in (None, own[name]) for name, value in wanted.items())
