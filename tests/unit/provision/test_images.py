"""Images are built when what they are built from has changed, and only then."""

import errno
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from labctl.engine import Progress
from labctl.errors import EngineError, EngineUnavailableError
from labctl.features.provision import base_image
from labctl.features.provision.base_image import stand_in
from labctl.features.provision.images import ensure_images
from labctl.model import Build
from tests.unit.fake_engine import FakeEngine

BASE = "debian:trixie-slim"


@dataclass
class ImageEngine(FakeEngine):
    """A fake that keeps labels of images, and can be told why a build fails."""

    images: dict[str, str] = field(default_factory=lambda: {BASE: "sha256:base"})
    complaint: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.image_labels: dict[str, Mapping[str, str]] = {}
        self.arguments: dict[str, Mapping[str, str]] = {}

    def image_label(self, tag: str, label: str) -> str | None:
        return self.image_labels.get(tag, {}).get(label)

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
    ) -> None:
        if self.complaint:
            raise EngineError("the build failed", log=self.complaint)
        super().build_image(
            context=context,
            dockerfile=dockerfile,
            target=target,
            args=args,
            labels=labels,
            tag=tag,
            progress=progress,
        )
        self.image_labels[tag], self.arguments[tag] = labels, args


class Workshop:
    """A build folder, an Engine, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.engine = ImageEngine()
        self.context = folder
        self.told: list[str] = []
        (folder / "Dockerfile").write_text("FROM scratch\n")

    def ensure(self, environ: Mapping[str, str] | None = None) -> bool:
        """Ask for both images, one of them twice."""
        builds = [
            (tag, Build(self.context, target=tag, args={"BASE_IMAGE": BASE})) for tag in ("s", "c", "s")
        ]
        return ensure_images(self.engine, builds, self.told.append, environ or {})


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    (tmp_path / "context").mkdir()
    return Workshop(tmp_path / "context")


def test_missing_images_are_built_each_once(workshop: Workshop) -> None:
    assert workshop.ensure()
    assert workshop.engine.steps == ["build s", "build c"]


def test_images_that_are_up_to_date_are_left_alone_in_silence(workshop: Workshop) -> None:
    workshop.ensure()
    workshop.told.clear()
    workshop.engine.steps.clear()
    assert not workshop.ensure()
    assert (workshop.engine.steps, workshop.told) == ([], [])


def test_a_changed_file_builds_anew_and_removes_what_was_replaced(workshop: Workshop) -> None:
    workshop.ensure()
    replaced = workshop.engine.images["s"]
    (workshop.context / "server.py").touch()
    assert workshop.ensure()
    assert f"remove image {replaced}" in workshop.engine.steps
    assert workshop.engine.steps.count("build s") == 2


def test_a_replaced_image_that_is_in_use_is_tried_again_until_it_is_gone(workshop: Workshop) -> None:
    workshop.ensure()
    first = workshop.engine.images["s"]
    workshop.engine.images[first] = first  # an image is known by its id too
    for name in ("one", "two", "three"):
        (workshop.context / name).touch()
        workshop.ensure()
    assert workshop.engine.steps.count(f"remove image {first}") == 3
    del workshop.engine.images[first]
    for name in ("four", "five"):
        (workshop.context / name).touch()
        workshop.ensure()
    assert workshop.engine.steps.count(f"remove image {first}") == 4


def test_a_newer_base_image_builds_anew(workshop: Workshop) -> None:
    workshop.ensure()
    workshop.engine.images[BASE] = "sha256:newer"
    assert workshop.ensure()


def test_finished_images_need_no_base_image(workshop: Workshop) -> None:
    workshop.ensure()
    del workshop.engine.images[BASE]
    assert not workshop.ensure()


def test_another_base_image_can_be_named(workshop: Workshop) -> None:
    workshop.engine.images["ours:1"] = "sha256:ours"
    workshop.ensure({"LABCTL_BASE_IMAGE": "ours:1"})
    assert workshop.engine.arguments["s"]["BASE_IMAGE"] == "ours:1"


def test_a_stand_in_made_earlier_is_used_before_any_registry_is_asked(workshop: Workshop) -> None:
    workshop.engine.images = {"labctl/base:trixie": "sha256:made"}
    workshop.ensure()
    assert workshop.engine.arguments["s"]["BASE_IMAGE"] == "labctl/base:trixie"
    assert not any("fetching" in step for step in workshop.told)


def test_an_image_that_is_nowhere_is_told_with_its_name(workshop: Workshop) -> None:
    with pytest.raises(EngineUnavailableError, match="nobody/knows:it"):
        workshop.ensure({"LABCTL_BASE_IMAGE": "nobody/knows:it"})


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("debian:trixie-slim", "labctl/base:trixie"),
        ("debian:trixie", "labctl/base:trixie"),
        ("docker.io/library/debian:forky-slim", "labctl/base:forky"),
        ("debian:13", None),
        ("ubuntu:24.04", None),
        ("registry.school.test/debian:trixie", None),
    ],
)
def test_only_plain_debian_is_made_here(image: str, expected: str | None) -> None:
    assert stand_in(image) == expected


def test_a_build_without_network_says_so(workshop: Workshop) -> None:
    workshop.engine.complaint = "\x1b[91mE: Failed to fetch http://mirror.test/x\x1b[0m"
    with pytest.raises(EngineError, match="packages could not be fetched") as caught:
        workshop.ensure()
    assert caught.value.log == "E: Failed to fetch http://mirror.test/x"
    assert "LABCTL_BASE_IMAGE" in caught.value.hint


def test_a_build_without_space_means_the_machine_is_not_usable(workshop: Workshop) -> None:
    workshop.engine.complaint = "write /x: no space left on device"
    with pytest.raises(EngineUnavailableError, match="no space left"):
        workshop.ensure()


@pytest.mark.parametrize("where", ["making its folder", "storing it"])
def test_a_base_image_for_which_there_is_no_space_means_the_machine_is_not_usable(
    where: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise EngineError("the Engine could not import image", log="no space left on device")

    def bootstrap(_suite: str, tar: Path, *_: object) -> None:
        tar.touch()

    monkeypatch.setattr(base_image, "WORK_FOLDER", tmp_path)
    monkeypatch.setattr(base_image, "_fetched", lambda *_: False)
    monkeypatch.setattr(base_image, "_bootstrap", bootstrap)
    monkeypatch.setattr(workshop.engine, "import_image", full, raising=False)
    if where == "making its folder":
        error = OSError(errno.ENOSPC, "no space left on device")
        monkeypatch.setattr(tempfile, "mkdtemp", lambda *_, **__: (_ for _ in ()).throw(error))
    workshop.engine.images.clear()
    with pytest.raises(EngineUnavailableError) as caught:
        workshop.ensure()
    assert "no space left on device" in caught.value.render()
    assert caught.value.hint
