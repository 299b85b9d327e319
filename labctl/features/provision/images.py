"""The lab's images: built when what they are built from has changed, and only then.

They are tagged by content, so that several checkouts and versions have theirs side by side, and no build
takes away what a lab runs on.
"""

import hashlib
import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from labctl.engine import Engine, Progress
from labctl.errors import EngineError, EngineUnavailableError
from labctl.features.provision.base_image import (
    ARGUMENT,
    OWN_IMAGE_HINT,
    ensure_base,
    local_base,
    wanted_base,
)
from labctl.features.provision.build_digest import digest_of_build
from labctl.features.provision.lock import only_one
from labctl.features.provision.mirrors import read_build_proxies
from labctl.labels import INPUTS, RECIPE
from labctl.model import Build

STAGES = "labctl/stage"  # the repository of what builds leave besides the image itself
TAG_DIGITS = 12
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
    """An image that a Compose file builds, and whether the Engine has it as it would be built today.

    Attributes:
        name: what the file calls it: a tag that Compose uses, and that another checkout may take.
        tag: what labs use: it says what the image was built from, and no other build takes it.
        build: the recipe, with the base image that is wanted.
        base: that base image; None: the Dockerfile alone knows.
        digest: of all that it is built from, the base image apart.
        id: the image's; None: it has to be built.
    """

    name: str
    tag: str
    build: Build
    base: str | None
    digest: str
    id: str | None


def ensure_images(
    engine: Engine,
    builds: Iterable[tuple[str, Build]],
    progress: Progress,
    environ: Mapping[str, str],
) -> dict[str, Image]:
    """Build the images that are missing or whose inputs have changed; older ones stay beside them.

    Args:
        engine: where they are to be.
        builds: name and recipe of each; a name may come several times.
        progress: called with each step.
        environ: LABCTL_BASE_IMAGE names another image to build from.

    Returns:
        All of them, by the names that the file has for them; these name the same images for Compose.

    Raises:
        EngineUnavailableError: there is no base image and none can be had, or no space.
        EngineError: a build failed.
    """
    builds = dict(builds).items()
    images = find_images(engine, builds, environ)
    if any(image.id is None for image in images):
        with only_one(progress):  # another one may have built them while we waited
            for image in find_images(engine, builds, environ):
                if image.id is None:
                    _build(engine, image, progress, environ)
            images = find_images(engine, builds, environ)
    for image in images:
        name_for_compose(engine, image)
    return {image.name: image for image in images}


def outdated_images(
    engine: Engine, builds: Iterable[tuple[str, Build]], environ: Mapping[str, str]
) -> list[Image]:
    """Return the images that are missing, or were made from something else than they would be now."""
    return [image for image in find_images(engine, builds, environ) if image.id is None]


def find_images(
    engine: Engine, builds: Iterable[tuple[str, Build]], environ: Mapping[str, str]
) -> list[Image]:
    """Return the images that are built so, each with its id where the Engine has it."""
    return [_find(engine, name, build, environ) for name, build in dict(builds).items()]


def _find(engine: Engine, name: str, build: Build, environ: Mapping[str, str]) -> Image:
    base = wanted_base(build.args, environ)
    arguments = {**build.args, ARGUMENT: base} if base else build.args
    recipe = Build(build.context, build.dockerfile, build.target, arguments)
    digest = digest_of_build(recipe)
    here = local_base(engine, base) if base else None
    tag = content_tag(name, digest, engine.image_id(here) if here else None)
    if base and not here:
        # A base image that is not here cannot have changed: who was given finished images needs none.
        tags = (each for image in engine.list_images() for each in image.tags)
        tag = next((each for each in tags if each.startswith(f"{tag}-")), tag)
    return Image(name, tag, recipe, base, digest, engine.image_id(tag))


def content_tag(name: str, digest: str, base_id: str | None) -> str:
    """Return the tag of an image that says what it was built from: `NAME:[TAG-]INPUTS[-BASE]`.

    Args:
        name: the file's, with or without a tag of its own.
        digest: of its inputs.
        base_id: the id of the image it is built on, where that is known.
    """
    repository, own = split_tag(name)
    words = [own, digest[:TAG_DIGITS], (base_id or "").removeprefix("sha256:")[:TAG_DIGITS]]
    return f"{repository}:{'-'.join(filter(None, words))}"


def split_tag(name: str) -> tuple[str, str]:
    """Return an image's repository and its tag, which may be empty."""
    path, slash, last = name.rpartition("/")
    repository, _, tag = last.partition(":")
    return f"{path}{slash}{repository}", tag


def tag_by_id(name: str, image_id: str) -> str:
    """Return the tag of an image that would have none otherwise."""
    return f"{split_tag(name)[0]}:{image_id.removeprefix('sha256:')[:TAG_DIGITS]}"


def stage_key(build: Build) -> str:
    """Return what the tags of a build's stages begin with; the same for each build of the recipe."""
    recipe = repr((str(build.context), build.dockerfile, build.target))
    return hashlib.sha256(recipe.encode()).hexdigest()[:TAG_DIGITS]


def name_for_compose(engine: Engine, image: Image) -> None:
    """Let the file's own name for an image, which Compose uses, mean this one."""
    named = engine.image_id(image.name)
    if image.id is None or named == image.id:
        return
    if named is not None and any(each.id == named and len(each.tags) == 1 for each in engine.list_images()):
        engine.tag_image(named, tag_by_id(image.name, named))  # containers may still be of it
    engine.tag_image(image.id, image.name)


def _build(engine: Engine, image: Image, progress: Progress, environ: Mapping[str, str]) -> None:
    arguments = dict(image.build.args)
    base_id = None
    if image.base:
        arguments[ARGUMENT] = ensure_base(engine, image.base, progress, environ)
        base_id = engine.image_id(arguments[ARGUMENT])
    progress(f"building image {image.name}")
    layers: list[str] = []
    is_built = False
    try:
        engine.build_image(
            context=image.build.context,
            dockerfile=image.build.dockerfile,
            target=image.build.target,
            args=arguments | read_build_proxies(environ),
            labels={
                INPUTS: f"{image.digest} {base_id or ''}".strip(),
                RECIPE: json.dumps(asdict(image.build), default=str, sort_keys=True),
            },
            tag=content_tag(image.name, image.digest, base_id),
            progress=lambda step: _tell_step(step, image.name, progress),
            layer=layers.append,
        )
        is_built = True
    except EngineError as error:
        raise _explained(error, image) from error
    finally:
        _tag_stages(engine, image, layers, is_built)


def _tag_stages(engine: Engine, image: Image, layers: Sequence[str], is_built: bool) -> None:
    """Give tags to what a build leaves untagged: the next one goes on from there, without a network.

    Those of earlier builds that this one did not come by go, once it has come to its end.
    """
    prefix = f"{STAGES}:{stage_key(image.build)}-"
    own = {each[:TAG_DIGITS] for each in layers}
    for each in engine.list_images():
        digits = each.id.removeprefix("sha256:")[:TAG_DIGITS]
        if not each.tags and digits in own:
            engine.tag_image(each.id, f"{prefix}{digits}")
        if is_built and digits not in own:
            for tag in (tag for tag in each.tags if tag.startswith(prefix)):
                engine.remove_image(tag)


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
            f"no space left to build image {image.name}", where=where, log=log, hint="docker system df"
        )
    if any(word in said for word in NETWORK_WORDS):
        return EngineError(
            f"image {image.name} could not be built: its packages could not be fetched",
            where=where,
            log=log,
            hint=OWN_IMAGE_HINT,
        )
    return EngineError(f"image {image.name} could not be built", where=where, log=log, hint=error.hint)
