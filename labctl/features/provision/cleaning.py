"""Images of ours that are of no use any more: found, and removed.

An image is of use to a container that was made from it, and to the folder that it was built from, as long
as that folder would give the same image today. So each checkout and version keeps its own.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.engine import Engine, ExistingImage
from labctl.errors import InputError
from labctl.features.provision.base_image import ARGUMENT, local_base
from labctl.features.provision.build_digest import digest_of_build
from labctl.features.provision.images import STAGES, find_images, name_for_compose, stage_key, tag_by_id
from labctl.labels import INPUTS, RECIPE
from labctl.model import Build


@dataclass(frozen=True)
class Unused:
    """An image, or tags of one, that nothing needs.

    Attributes:
        id: the image's.
        tags: those to be removed; with its last one the image goes. Empty: it has none.
        size_bytes: the Engine's figure; layers that several images share count in each.
        why: nothing needs it, as in "it was built from a folder that is gone".
    """

    id: str
    tags: tuple[str, ...]
    size_bytes: int
    why: str


def find_unused(
    engine: Engine, builds: Iterable[tuple[str, Build]], environ: Mapping[str, str]
) -> list[Unused]:
    """Return the images of labctl's that no container and no folder on this machine needs.

    Args:
        engine: where they are.
        builds: name and recipe of each image that the Compose file wants.
        environ: LABCTL_BASE_IMAGE names another image to build from.
    """
    wanted = find_images(engine, builds, environ)
    used = {each.image_id for each in engine.containers({})} | {each.id for each in wanted}
    stages = {stage_key(each.build) for each in wanted}
    unused = []
    outdated: dict[tuple[str, str], str] = {}  # a folder is read once for all images of one recipe
    images = engine.list_images()
    for image in images:
        tags = tuple(tag for tag in image.tags if not tag.startswith(f"{STAGES}:"))
        recipe = _parse_recipe(image.labels.get(RECIPE, ""))
        if image.id in used:
            why = ""
        elif recipe is not None:
            key = (image.labels[RECIPE], image.labels.get(INPUTS, ""))
            if key not in outdated:
                outdated[key] = _outdated(engine, recipe, key[1])
            why = outdated[key] or ("" if image.tags else "the same image was built once more")
        else:
            why = _of_earlier_version(image, tags)
        if why:
            unused.append(Unused(image.id, tags, image.size_bytes, why))
        elif recipe is not None:
            stages.add(stage_key(recipe))
    return unused + _unused_stages(images, stages)


def remove_unused(
    engine: Engine,
    unused: Collection[Unused],
    builds: Iterable[tuple[str, Build]],
    environ: Mapping[str, str],
) -> list[Unused]:
    """Remove images; return those that the Engine did not let go of.

    A name that the Compose file has for an image may have been that of another one: it is given back.
    """
    for _ in range(2):  # an image goes only after those that are built on it
        for each in unused:
            for reference in each.tags or (each.id,):
                engine.remove_image(reference)
    left = {reference for image in engine.list_images() for reference in image.tags or (image.id,)}
    kept = [each for each in unused if left.intersection(each.tags or (each.id,))]
    for image in find_images(engine, builds, environ):
        name_for_compose(engine, image)
    return kept


def _parse_recipe(text: str) -> Build | None:
    """Return what an image says of how it was built; None: it does not say, or labctl did not write it."""
    try:
        found = json.loads(text)
        return Build(Path(found["context"]), found["dockerfile"], found["target"], found["args"])
    except (KeyError, TypeError, ValueError):
        return None


def _outdated(engine: Engine, build: Build, inputs: str) -> str:
    """Return why a folder would not give an image of these inputs today; empty: it would."""
    if not build.context.is_dir():
        return "it was built from a folder that is gone"
    digest, _, base_id = inputs.partition(" ")
    try:
        is_same = digest_of_build(build) == digest
    except InputError:
        is_same = False
    if not is_same:
        return "the files that it was built from have changed"
    base = build.args.get(ARGUMENT)
    here = local_base(engine, base) if base else None
    if here and base_id and engine.image_id(here) != base_id:
        return "its base image is another one now"
    return ""


def _of_earlier_version(image: ExistingImage, tags: Collection[str]) -> str:
    """Return why an image that does not say how it was built is of no use; empty: it may be."""
    own = (tag for tag in tags if tag != tag_by_id(tag, image.id))
    if INPUTS in image.labels and next(own, None) is None:
        return "an earlier labctl built it, and no name is left for it"
    return ""


def _unused_stages(images: Iterable[ExistingImage], kept: Collection[str]) -> list[Unused]:
    unused = []
    for image in images:
        stages = (tag for tag in image.tags if tag.startswith(f"{STAGES}:"))
        tags = tuple(tag for tag in stages if tag.partition(":")[2].partition("-")[0] not in kept)
        if tags:
            why = "a stage of an image that is not kept"
            unused.append(Unused(image.id, tags, image.size_bytes, why))
    return unused
