"""The lab's images: built when what they are built from has changed, and only then."""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, EngineUnavailableError
from labctl.features.provision.base_image import (
    ARGUMENT,
    OWN_IMAGE_HINT,
    ensure_base,
    local_base,
    wanted_base,
)
from labctl.features.provision.inputs import digest_of_build
from labctl.features.provision.lock import only_one
from labctl.features.provision.mirrors import read_build_proxies
from labctl.labels import INPUTS
from labctl.model import Build

REPLACES = "org.labctl.replaces"  # on an image: ids of those that had its tag before and were in use
STEP_WIDTH = 100
NETWORK_WORDS = (
    "failed to fetch",
    "unable to fetch",
    "could not resolve",
    "temporary failure",
    "no installation",
)


@dataclass(frozen=True)
class Image:
    """An image to be had: its tag, its recipe, and what stands behind it."""

    tag: str
    build: Build
    base: str | None
    digest: str


def ensure_images(
    engine: Engine,
    builds: Iterable[tuple[str, Build]],
    progress: Progress,
    environ: Mapping[str, str],
) -> bool:
    """Build the images that are missing or whose inputs have changed.

    Args:
        engine: where they are to be.
        builds: tag and recipe of each; a tag may come several times.
        progress: told each step.
        environ: LABCTL_BASE_IMAGE names another image to build from.

    Returns:
        Whether any image was built.

    Raises:
        EngineUnavailableError: there is no base image and none can be had, or no space.
        EngineError: a build failed.
    """
    builds = dict(builds).items()
    if not outdated_images(engine, builds, environ):
        return False
    with only_one(progress):  # another one may have built them while we waited
        outdated = outdated_images(engine, builds, environ)
        for image in outdated:
            _build(engine, image, progress, environ)
    return bool(outdated)


def outdated_images(
    engine: Engine, builds: Iterable[tuple[str, Build]], environ: Mapping[str, str]
) -> list[Image]:
    """Return the images that are missing, or were made from something else than they would be now."""
    images = [_image(tag, build, environ) for tag, build in dict(builds).items()]
    base_ids = {image.base: _base_id(engine, image.base) for image in images if image.base}
    return [image for image in images if _is_outdated(engine, image, base_ids.get(image.base or ""))]


def _image(tag: str, build: Build, environ: Mapping[str, str]) -> Image:
    base = wanted_base(build.args, environ)
    arguments = {**build.args, ARGUMENT: base} if base else build.args
    recipe = Build(build.context, build.dockerfile, build.target, arguments)
    return Image(tag, recipe, base, digest_of_build(recipe))


def _base_id(engine: Engine, wanted: str) -> str | None:
    base = local_base(engine, wanted)
    return engine.image_id(base) if base else None


def _is_outdated(engine: Engine, image: Image, base_id: str | None) -> bool:
    """Compare an image's label, the hash of its inputs and its base's id, with those of today.

    A base image that is not here cannot have changed: who was given finished images needs none.
    """
    digest, _, built_on = (engine.image_label(image.tag, INPUTS) or "").partition(" ")
    return digest != image.digest or base_id not in (None, built_on)


def _build(engine: Engine, image: Image, progress: Progress, environ: Mapping[str, str]) -> None:
    arguments = dict(image.build.args)
    if image.base:
        arguments[ARGUMENT] = ensure_base(engine, image.base, progress, environ)
    base_id = engine.image_id(arguments[ARGUMENT]) if image.base else None
    replaced = engine.image_id(image.tag)
    in_use = _remove(engine, (engine.image_label(image.tag, REPLACES) or "").split())
    progress(f"building image {image.tag}")
    try:
        engine.build_image(
            context=image.build.context,
            dockerfile=image.build.dockerfile,
            target=image.build.target,
            args=arguments | read_build_proxies(environ),
            labels={
                INPUTS: f"{image.digest} {base_id or ''}".strip(),
                REPLACES: " ".join([*in_use, *filter(None, [replaced])]),
            },
            tag=image.tag,
            progress=lambda step: _tell_step(step, image.tag, progress),
        )
    except EngineError as error:
        raise _explained(error, image) from error
    if replaced and replaced != engine.image_id(image.tag):
        _remove(engine, [replaced])


def _remove(engine: Engine, image_ids: Sequence[str]) -> list[str]:
    """Remove replaced images; return those that containers still use, for the next build to try."""
    for each in image_ids:
        engine.remove_image(each)
    return [each for each in image_ids if engine.image_id(each)]


def _tell_step(step: str, tag: str, progress: Progress) -> None:
    """Tell the steps of a build that take time, each on one line."""
    match = re.match(r"Step (\d+/\d+) : ((?:RUN|COPY|ADD) .*)", step)
    if match:
        progress(f"{tag} {match[1]}: {textwrap.shorten(match[2], STEP_WIDTH, placeholder=' ...')}")


def _explained(error: EngineError, image: Image) -> EngineError | EngineUnavailableError:
    """Return a failed build's error with what most likely is behind it."""
    where = str(image.build.context / image.build.dockerfile)
    log = re.sub(r"\x1b\[[0-9;]*m", "", error.log)  # apt's complaints come in red
    said = f"{error.what}\n{log}".lower()
    if "no space left" in said:
        return EngineUnavailableError(
            f"no space left to build image {image.tag}", where=where, log=log, hint="docker system df"
        )
    if any(word in said for word in NETWORK_WORDS):
        return EngineError(
            f"image {image.tag} could not be built: its packages could not be fetched",
            where=where,
            log=log,
            hint=OWN_IMAGE_HINT,
        )
    return EngineError(f"image {image.tag} could not be built", where=where, log=log, hint=error.hint)
