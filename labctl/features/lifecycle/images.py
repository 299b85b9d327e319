"""Which images a checkout has for the services of its Compose file: what a lab's new containers are of."""

from collections.abc import Mapping
from dataclasses import dataclass

from labctl.engine import Engine
from labctl.features.provision.images import Image, find_images
from labctl.model import Definition


@dataclass(frozen=True)
class CheckoutImage:
    """An image by the reference that containers are created from; no id: the Engine does not have it."""

    reference: str
    id: str | None


def read_checkout_images(
    engine: Engine,
    definition: Definition,
    environ: Mapping[str, str],
    built: Mapping[str, Image] | None = None,
) -> dict[str, CheckoutImage]:
    """Return the checkout's images by the names that the file has for them.

    Args:
        engine: where to look.
        definition: the Compose file's.
        environ: as `find_images` takes it.
        built: what is known already of those that the file builds.
    """
    if built is None:
        builds = {each.image: each.build for each in definition.services.values() if each.build is not None}
        built = {each.name: each for each in find_images(engine, builds.items(), environ)}
    found = {}
    for name in {each.image for each in definition.services.values()}:
        image = built.get(name)
        found[name] = (
            CheckoutImage(image.tag, image.id) if image else CheckoutImage(name, engine.image_id(name))
        )
    return found


def read_image_users(
    engine: Engine, definition: Definition, images: Mapping[str, CheckoutImage]
) -> dict[str, str]:
    """Return the user that each image names for its containers, where the file names none and it is here."""
    left_open = {each.image for each in definition.services.values() if each.user is None}
    users = {name: engine.image_user(images[name].reference) for name in left_open}
    return {name: user for name, user in users.items() if user is not None}


def read_usable_images(
    engine: Engine, definition: Definition, environ: Mapping[str, str]
) -> dict[str, CheckoutImage]:
    """Return the checkout's images, or what has the file's name where one is not built."""
    found = read_checkout_images(engine, definition, environ)
    return {
        name: image if image.id else CheckoutImage(name, engine.image_id(name))
        for name, image in found.items()
    }
