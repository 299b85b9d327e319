"""Images are built when what they are built from has changed, and only then."""

import errno
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from labctl.engine import ExistingImage, Progress
from labctl.errors import EngineError, EngineUnavailableError
from labctl.features.provision import base_image
from labctl.features.provision.base_image import stand_in
from labctl.features.provision.images import Image, content_tag, ensure_images
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
        self.arguments: dict[str, Mapping[str, str]] = {}
        self.layers: list[str] = []  # ids of images without tags that the next build leaves

    def list_images(self) -> list[ExistingImage]:
        known = super().list_images()
        tagged = {each.id for each in known}
        return [*known, *(ExistingImage(each, ()) for each in self.layers if each not in tagged)]

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
        for each in self.layers:
            layer(each.removeprefix("sha256:"))
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
            layer=layer,
        )
        self.arguments[tag.partition(":")[0]] = args


class Workshop:
    """A build folder, an Engine, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.engine = ImageEngine()
        self.context = folder
        self.told: list[str] = []
        (folder / "Dockerfile").write_text("FROM scratch\n")

    def ensure(self, environ: Mapping[str, str] | None = None) -> dict[str, Image]:
        """Ask for both images, one of them twice."""
        builds = [
            (tag, Build(self.context, target=tag, args={"BASE_IMAGE": BASE})) for tag in ("s", "c", "s")
        ]
        return ensure_images(self.engine, builds, self.told.append, environ or {})


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    (tmp_path / "context").mkdir()
    return Workshop(tmp_path / "context")


def builds_of(engine: ImageEngine) -> list[str]:
    return [step.removeprefix("build ") for step in engine.steps if step.startswith("build ")]


def test_missing_images_are_built_each_once_and_have_the_files_names_too(workshop: Workshop) -> None:
    images = workshop.ensure()
    assert builds_of(workshop.engine) == [images["s"].tag, images["c"].tag]
    assert {workshop.engine.images[name] for name in "sc"} == {each.id for each in images.values()}


def test_images_that_are_up_to_date_are_left_alone_in_silence(workshop: Workshop) -> None:
    workshop.ensure()
    workshop.told.clear()
    workshop.engine.steps.clear()
    workshop.ensure()
    assert (workshop.engine.steps, workshop.told) == ([], [])


def test_a_changed_file_builds_anew_beside_what_there_was(workshop: Workshop) -> None:
    before = workshop.ensure()["s"]
    (workshop.context / "server.py").touch()
    after = workshop.ensure()["s"]
    assert after.id != before.id
    assert workshop.engine.images[before.tag] == before.id
    assert workshop.engine.images["s"] == after.id


def test_what_was_built_before_is_found_again_and_only_the_files_name_moves(workshop: Workshop) -> None:
    before = workshop.ensure()["s"]
    (workshop.context / "server.py").touch()
    workshop.ensure()
    (workshop.context / "server.py").unlink()
    workshop.engine.steps.clear()
    assert workshop.ensure()["s"] == before
    assert builds_of(workshop.engine) == []
    assert workshop.engine.images["s"] == before.id


def test_an_image_that_loses_the_files_name_keeps_another(workshop: Workshop) -> None:
    workshop.engine.images["s"] = "sha256:0123456789abcdef"  # as Compose, or an earlier labctl, built it
    workshop.ensure()
    assert workshop.engine.images["s:0123456789ab"] == "sha256:0123456789abcdef"


@pytest.mark.parametrize("complaint", ["", "E: Failed to fetch"])
def test_what_a_build_leaves_untagged_is_tagged(complaint: str, workshop: Workshop) -> None:
    workshop.engine.layers = ["sha256:aaaaaaaaaaaa"]
    workshop.engine.complaint = complaint
    with suppress(EngineError):
        workshop.ensure()
    assert all(each.tags for each in workshop.engine.list_images())


def test_stages_of_earlier_builds_go_when_a_later_one_did_not_come_by_them(workshop: Workshop) -> None:
    workshop.engine.layers = ["sha256:aaaaaaaaaaaa", "sha256:bbbbbbbbbbbb"]
    workshop.ensure()
    workshop.engine.layers = ["sha256:bbbbbbbbbbbb", "sha256:cccccccccccc"]
    (workshop.context / "server.py").touch()
    workshop.ensure()
    stages = {tag[-12:] for tag in workshop.engine.images if tag.startswith("labctl/stage:")}
    assert stages == {"bbbbbbbbbbbb", "cccccccccccc"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("labctl/server", "labctl/server:123456789abc-aaaabbbbcccc"),
        ("course:2026", "course:2026-123456789abc-aaaabbbbcccc"),
        ("registry.test:5000/course", "registry.test:5000/course:123456789abc-aaaabbbbcccc"),
    ],
)
def test_the_tag_says_what_an_image_was_built_from(name: str, expected: str) -> None:
    assert content_tag(name, "123456789abcdef", "sha256:aaaabbbbccccdddd") == expected


def test_a_newer_base_image_builds_anew(workshop: Workshop) -> None:
    before = workshop.ensure()["s"]
    workshop.engine.images[BASE] = "sha256:newer"
    assert workshop.ensure()["s"].id != before.id


def test_finished_images_need_no_base_image(workshop: Workshop) -> None:
    before = workshop.ensure()
    del workshop.engine.images[BASE]
    assert workshop.ensure() == before


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
