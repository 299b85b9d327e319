"""The image methods of DockerEngine, which only the set-up of a machine needs."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import docker.errors
from docker.api.client import APIClient
from docker.utils import parse_repository_tag

from labctl.docker_engine.failures import translated_errors
from labctl.engine import ExistingImage, Progress
from labctl.errors import EngineError, LabError

BUILD_TIMEOUT_S = 1800
PULL_SILENCE_S = 20  # a registry that says nothing for so long is none
LOG_LINES_SHOWN = 12
LOG_CHARACTERS_KEPT = 8192
NO_TAG = "<none>:<none>"


class ImageMethods:
    """See `labctl.engine.Engine` for what each method promises."""

    _client: APIClient

    def image_id(self, tag: str) -> str | None:
        details = self._image(tag)
        return None if details is None else str(details["Id"])

    def image_label(self, tag: str, label: str) -> str | None:
        labels = _config(self._image(tag) or {}).get("Labels") or {}
        return labels.get(label)

    def image_user(self, tag: str) -> str | None:
        details = self._image(tag)
        return None if details is None else _config(details).get("User") or ""

    def _image(self, tag: str) -> dict[str, Any] | None:
        with translated_errors(f"look image {tag} up"):
            try:
                details: dict[str, Any] = self._client.inspect_image(tag)
            except docker.errors.NotFound:
                return None
            return details

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
        with translated_errors(f"build image {tag}"):
            said = self._client.build(
                path=str(context),
                dockerfile=dockerfile,
                target=target or "",
                buildargs=dict(args),
                labels=dict(labels),
                tag=tag,
                rm=True,
                forcerm=True,
                decode=True,
                timeout=BUILD_TIMEOUT_S,
            )
            _follow_build(said, tag, progress, layer)

    def import_image(self, tar: IO[bytes], tag: str, labels: Mapping[str, str]) -> None:
        repository, name = parse_repository_tag(tag)
        changes = [f'LABEL "{key}"="{value}"' for key, value in labels.items()]
        with translated_errors(f"import image {tag}"):
            self._client.import_image_from_data(
                tar, repository=repository, tag=name, changes=['CMD ["/bin/bash"]', *changes]
            )

    def pull_image(self, tag: str, progress: Progress) -> bool:
        progress(f"fetching {tag}")
        repository, name = parse_repository_tag(tag)
        usual, self._client.timeout = self._client.timeout, PULL_SILENCE_S
        try:
            with translated_errors(f"fetch image {tag}"):
                for _ in self._client.pull(repository, tag=name or "latest", stream=True, decode=True):
                    pass
        except LabError:
            return False
        finally:
            self._client.timeout = usual
        return self.image_id(tag) is not None

    def list_images(self) -> list[ExistingImage]:
        with translated_errors("list images"):
            found = self._client.images()
        return [
            ExistingImage(
                id=each["Id"],
                tags=tuple(tag for tag in each["RepoTags"] or [] if tag != NO_TAG),
                labels=each["Labels"] or {},
                size_bytes=each["Size"],
            )
            for each in found
        ]

    def tag_image(self, image_id: str, tag: str) -> None:
        repository, name = parse_repository_tag(tag)
        with translated_errors(f"tag image {tag}"):
            self._client.tag(image_id, repository, name or "latest")

    def remove_image(self, reference: str) -> None:
        details = self._image(reference)
        if details is None or (details.get("RepoTags") and details["Id"] == reference):
            return
        with translated_errors(f"remove image {reference}"), suppress(docker.errors.APIError):
            self._client.remove_image(reference)


def _config(details: Mapping[str, Any]) -> Mapping[str, Any]:
    return details.get("Config") or {}


def _follow_build(
    said: Iterable[Mapping[str, Any]], tag: str, progress: Progress, layer: Callable[[str], None]
) -> None:
    """Report each step and layer of a build; raise EngineError with its last lines when it fails."""
    text = ""  # its pieces end anywhere in a line
    for event in said:
        piece = str(event.get("stream", ""))
        text = (text + piece)[-LOG_CHARACTERS_KEPT:]
        if piece.startswith("Step "):
            progress(piece.splitlines()[0])
        if match := re.fullmatch(r" ---> ([0-9a-f]+)\n", piece):
            layer(match[1])
        if "error" in event:
            log = "\n".join([*text.split("\n")[-LOG_LINES_SHOWN:], str(event["error"])])
            raise EngineError(f"image {tag} could not be built", log=log, hint="labctl doctor")
