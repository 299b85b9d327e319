"""DockerEngine: our Engine Protocol over the SDK's low-level client, one call for one method."""

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

import docker.errors
from docker.api.client import APIClient
from docker.utils import kwargs_from_env

from labctl.cancellation import raise_if_cancelled
from labctl.docker_engine.asking import get
from labctl.docker_engine.commands import EXIT_CODE_TIMEOUT_S, lines_of, printed
from labctl.docker_engine.config import container_config, network_config
from labctl.docker_engine.failures import translated_errors, unavailable
from labctl.docker_engine.images import ImageMethods
from labctl.docker_engine.log import read_log, seconds_of
from labctl.docker_engine.memory import net_of_cache, read_memory
from labctl.docker_engine.signals import signal_directly
from labctl.docker_engine.terminal import attached
from labctl.engine import (
    EXEC_LIMIT_BYTES,
    EXEC_TIMEOUT_S,
    Container,
    ContainerSpec,
    ExistingNetwork,
    Finished,
    OutputLine,
)
from labctl.errors import EngineError
from labctl.model import Network, Volume
from labctl.waiting import wait_until

TIMEOUT_S = 60
PIECE_BYTES = 1 << 20  # of a folder, at a time
CONNECTIONS = 16  # as many calls side by side as a feature's workers make


def open_engine(timeout_s: float = TIMEOUT_S) -> "DockerEngine":
    """Return the Engine that DOCKER_HOST, or the usual socket, names; it has answered.

    It is spoken to in its own version of the API, or DOCKER_API_VERSION: new Engines refuse old
    versions. The oldest that will do is 1.41, of Engine 20.10.

    Args:
        timeout_s: how long each of its answers may keep us waiting.

    Raises:
        EngineUnavailableError: nothing answers there.
    """
    with translated_errors("answer"):
        settings = {key: value for key, value in kwargs_from_env().items() if value}
        try:
            client = APIClient(
                **settings,
                version=os.environ.get("DOCKER_API_VERSION"),  # none: the SDK asks
                timeout=timeout_s,
                max_pool_size=CONNECTIONS,
            )
        except ValueError as error:  # a port or a version that is no number
            raise unavailable(error) from error
        client.trust_env = False  # no .netrc and proxy look-ups on every call
    return DockerEngine(client)


class DockerEngine(ImageMethods):
    """The real Engine. See `labctl.engine.Engine` for what each method promises."""

    def __init__(self, client: APIClient) -> None:
        self._client = client

    def ping(self) -> str:
        with translated_errors("report its version"):
            return str(self._client.version()["Version"])

    def time(self) -> float:
        with translated_errors("report the time"):
            return seconds_of(self._client.info()["SystemTime"])

    def containers(self, labels: Mapping[str, str | None]) -> list[Container]:
        with translated_errors("list containers"):
            found = self._client.containers(all=True, filters={"label": _label_filter(labels)})
        return [_container(each) for each in found]

    def create(self, spec: ContainerSpec) -> str:
        with translated_errors(f"create container {spec.name}"):
            made = str(self._client.create_container_from_config(container_config(spec), spec.name)["Id"])
        try:  # the Engine's API takes one network, before 1.44
            for network, aliases in spec.more_networks.items():
                with translated_errors(f"connect container {spec.name} to {network}"):
                    names = [spec.service.name, *aliases]
                    self._client.connect_container_to_network(made, network, aliases=names)
        except BaseException:
            self.remove(made)
            raise
        return made

    def start(self, container_id: str) -> None:
        with translated_errors("start the container"):
            self._client.start(container_id)

    def kill(self, container_id: str, signal: str) -> None:
        if signal_directly(container_id, signal):
            return
        with translated_errors(f"send {signal} to the container"):
            self._client.kill(container_id, signal)

    def remove(self, container_id: str) -> None:
        with translated_errors("remove the container", even_cancelled=True):
            try:
                self._client.remove_container(container_id, force=True, v=True)
            except docker.errors.NotFound:
                return
            except docker.errors.APIError as error:
                if "already in progress" not in str(error.explanation):
                    raise

    def execute(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        user: str | None = None,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Finished:
        with translated_errors(f"run {argv[0]}"):
            made = self._client.exec_create(container_id, list(argv), user=user or "")
            pieces = printed(self._client, made["Id"], argv[0], timeout_s=timeout_s, limit_bytes=limit_bytes)
            output = b"".join(piece for _, piece in pieces)
            code = self._exit_code(made["Id"])
        if code is None:
            raise EngineError(
                f"the Engine does not know how {argv[0]} ended", log=output[-400:].decode(errors="replace")
            )
        return Finished(code, output.decode(errors="replace"))

    def _exit_code(self, exec_id: str) -> int | None:
        """Return a command's exit code, or None: it goes on, or the Engine has lost it."""
        found: list[int] = []

        def is_known() -> bool:
            code = self._client.exec_inspect(exec_id)["ExitCode"]
            found.extend([] if code is None else [int(code)])
            return bool(found)

        wait_until(is_known, timeout_s=EXIT_CODE_TIMEOUT_S)
        return found[0] if found else None

    def stream(
        self,
        container_id: str,
        argv: Sequence[str],
        *,
        timeout_s: float = EXEC_TIMEOUT_S,
        limit_bytes: int = EXEC_LIMIT_BYTES,
    ) -> Iterator[OutputLine]:
        with translated_errors(f"run {argv[0]}"):
            made = self._client.exec_create(container_id, list(argv))
            yield from lines_of(
                printed(self._client, made["Id"], argv[0], timeout_s=timeout_s, limit_bytes=limit_bytes)
            )

    def converse(self, container_id: str, argv: Sequence[str], *, user: str | None = None) -> int:
        with translated_errors(f"run {argv[0]}"), attached() as terminal:
            made = self._client.exec_create(
                container_id,
                list(argv),
                stdin=True,
                tty=terminal.is_terminal,
                user=user or "",
                environment=terminal.environment,
            )
            stream = self._client.exec_start(made["Id"], socket=True, tty=terminal.is_terminal)
            terminal.carry(
                stream,
                resize=lambda rows, columns: self._client.exec_resize(made["Id"], rows, columns),
            )
            return int(self._client.exec_inspect(made["Id"])["ExitCode"] or 0)

    def logs(
        self,
        container_id: str,
        *,
        tail: int | None,
        follow: bool,
        timestamps: bool,
        since: float | None = None,
    ) -> Iterator[bytes]:
        how_much = "all" if tail is None else tail
        with translated_errors("read the container's log"):
            if follow:
                yield from self._client.logs(
                    container_id, stream=True, follow=True, timestamps=timestamps, tail=how_much, since=since
                )
            else:
                yield from read_log(
                    self._client, container_id, tail=how_much, timestamps=timestamps, since=since
                )

    def read_folder(self, container_id: str, path: str) -> Generator[bytes, None, None]:
        with translated_errors(f"read {path}"):
            asked = {"path": path}
            with get(self._client, f"/containers/{container_id}/archive", asked, stream=True) as answer:
                for piece in answer.iter_content(PIECE_BYTES):
                    raise_if_cancelled()
                    yield piece

    def write_folder(self, container_id: str, path: str, tar: Iterable[bytes]) -> None:
        with translated_errors(f"write {path}"):
            self._client.put_archive(container_id, path, iter(tar))

    def memory_bytes(self, container_id: str) -> int | None:
        if (known := read_memory(container_id)) is not None:
            return known
        with translated_errors("report the container's memory"):
            stats = self._client.stats(container_id, stream=False, one_shot=True)
        memory = stats.get("memory_stats") or {}
        return net_of_cache(int(memory["usage"]), memory.get("stats", {})) if "usage" in memory else None

    def networks(self) -> list[ExistingNetwork]:
        with translated_errors("list networks"):
            found = self._client.networks()
        return [
            ExistingNetwork(
                id=each["Id"],
                name=each["Name"],
                subnets=tuple(one["Subnet"] for one in (each["IPAM"]["Config"] or []) if "Subnet" in one),
                labels=each["Labels"] or {},
            )
            for each in found
        ]

    def create_network(self, name: str, network: Network, labels: Mapping[str, str]) -> None:
        with translated_errors(f"create network {name}"):
            self._client.create_network(
                name,
                **network_config(network),
                labels={**network.labels, **labels},
                check_duplicate=True,
            )

    def remove_network(self, network_id: str) -> None:
        with translated_errors("remove the network"):
            try:
                details = self._client.inspect_network(network_id)
                for endpoint in (details.get("Containers") or {}).values():
                    self._client.disconnect_container_from_network(endpoint["Name"], network_id, force=True)
                self._client.remove_network(network_id)
            except docker.errors.NotFound:
                return

    def volumes(self, labels: Mapping[str, str | None]) -> list[str]:
        return [*self.volume_labels(labels)]

    def volume_labels(self, labels: Mapping[str, str | None]) -> dict[str, Mapping[str, str]]:
        with translated_errors("list volumes"):
            found = self._client.volumes(filters={"label": _label_filter(labels)})
        return {str(each["Name"]): each["Labels"] or {} for each in found["Volumes"] or []}

    def create_volume(self, name: str, volume: Volume, labels: Mapping[str, str]) -> None:
        with translated_errors(f"create volume {name}"):
            self._client.create_volume(
                name,
                driver=volume.driver,
                driver_opts=dict(volume.driver_opts) or None,
                labels={**volume.labels, **labels},
            )

    def remove_volume(self, name: str) -> None:
        with translated_errors(f"remove volume {name}"):
            try:
                self._client.remove_volume(name)
            except docker.errors.NotFound:
                return


def _label_filter(labels: Mapping[str, str | None]) -> list[str]:
    return [name if value is None else f"{name}={value}" for name, value in labels.items()]


def _container(found: Mapping[str, Any]) -> Container:
    networks = (found.get("NetworkSettings") or {}).get("Networks") or {}
    return Container(
        id=found["Id"],
        name=found["Names"][0].lstrip("/") if found.get("Names") else found["Id"][:12],
        state=found["State"],
        status=found["Status"],
        image_id=found["ImageID"],
        labels=found["Labels"] or {},
        addresses={
            name: (each.get("IPAddress") or "", each.get("GlobalIPv6Address") or "")
            for name, each in networks.items()
        },
        published=tuple(
            f"{port['IP']}:{port['PublicPort']}/{port['Type']}"
            for port in found.get("Ports") or []
            if "PublicPort" in port
        ),
    )
