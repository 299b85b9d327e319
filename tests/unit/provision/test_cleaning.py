"""Images that nothing needs are found and removed; what a lab or a folder needs stays."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.engine import ContainerSpec
from labctl.features.provision.cleaning import find_unused, remove_unused
from labctl.features.provision.images import Image, ensure_images, stage_key
from labctl.labels import INPUTS
from labctl.model import Build
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

BASE = "debian:trixie-slim"


def builds(folder: Path) -> list[tuple[str, Build]]:
    return [("server", Build(folder, target="server", args={"BASE_IMAGE": BASE}))]


def checkout(folder: Path) -> list[tuple[str, Build]]:
    folder.mkdir()
    (folder / "Dockerfile").write_text(f"FROM scratch\n# {folder.name}\n")
    return builds(folder)


Ensure = Callable[[list[tuple[str, Build]]], Mapping[str, Image]]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(images={BASE: "sha256:base"})


@pytest.fixture
def ensure(engine: FakeEngine) -> Ensure:
    return lambda wanted: ensure_images(engine, wanted, lambda _: None, {})


def test_two_checkouts_need_their_images_whoever_asks(
    tmp_path: Path, engine: FakeEngine, ensure: Ensure
) -> None:
    ours, theirs = checkout(tmp_path / "a"), checkout(tmp_path / "b")
    ensure(ours)
    ensure(theirs)
    assert find_unused(engine, ours, {}) == []
    assert find_unused(engine, theirs, {}) == []
    assert find_unused(engine, [], {}) == []


def test_an_image_of_files_that_have_changed_goes(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    ours = checkout(tmp_path / "a")
    before = ensure(ours)["server"]
    (tmp_path / "a" / "server.py").touch()
    after = ensure(ours)["server"]
    [unused] = find_unused(engine, ours, {})
    assert (unused.id, unused.tags) == (before.id, (before.tag,))
    assert "have changed" in unused.why
    assert remove_unused(engine, [unused], ours, {}) == []
    assert set(engine.images.values()) == {"sha256:base", after.id}


def test_an_image_of_a_folder_that_is_gone_goes(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    ensure(checkout(tmp_path / "a"))
    (tmp_path / "a").rename(tmp_path / "elsewhere")
    [unused] = find_unused(engine, [], {})
    assert "a folder that is gone" in unused.why


def test_an_image_on_another_base_goes(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    ours = checkout(tmp_path / "a")
    before = ensure(ours)["server"]
    engine.images[BASE] = "sha256:newer"
    ensure(ours)
    assert [(each.id, each.why) for each in find_unused(engine, ours, {})] == [
        (before.id, "its base image is another one now")
    ]


def test_the_files_own_name_is_given_back(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    ours = checkout(tmp_path / "a")
    kept = ensure(ours)["server"]
    ensure(checkout(tmp_path / "b"))
    assert engine.images["server"] != kept.id
    (tmp_path / "b").rename(tmp_path / "elsewhere")
    assert remove_unused(engine, find_unused(engine, ours, {}), ours, {}) == []
    assert engine.images["server"] == kept.id


def test_what_a_container_was_made_from_stays(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    before = ensure(checkout(tmp_path / "a"))["server"]
    (tmp_path / "a").rename(tmp_path / "elsewhere")
    service = next(iter(definition().services.values()))
    container = engine.create(ContainerSpec("lab-echo", replace(service, image=before.tag), "none", {}, {}))
    assert find_unused(engine, [], {}) == []
    engine.remove(container)
    assert [each.id for each in find_unused(engine, [], {})] == [before.id]


def test_what_others_built_is_no_concern_of_ours(engine: FakeEngine) -> None:
    engine.images["postgres:17"] = "sha256:postgres"
    engine.images["named:1"] = "sha256:named"
    engine.image_labels["sha256:named"] = {INPUTS: "0123", "org.labctl.recipe": "no JSON"}
    assert find_unused(engine, [], {}) == []


def test_an_image_of_an_earlier_version_goes_when_only_its_id_names_it(engine: FakeEngine) -> None:
    engine.images["labctl/server:0123456789ab"] = "sha256:0123456789abcdef"
    engine.image_labels["sha256:0123456789abcdef"] = {INPUTS: "4567"}
    [unused] = find_unused(engine, [], {})
    assert "earlier" in unused.why


def test_stages_go_with_the_images_of_their_recipe(
    tmp_path: Path, engine: FakeEngine, ensure: Ensure
) -> None:
    ours = checkout(tmp_path / "a")
    ensure(ours)
    own = f"labctl/stage:{stage_key(ours[0][1])}-aaaa"
    engine.images |= {own: "sha256:aaaa", "labctl/stage:feedfeed-bbbb": "sha256:bbbb"}
    assert [each.tags for each in find_unused(engine, ours, {})] == [("labctl/stage:feedfeed-bbbb",)]
    (tmp_path / "a").rename(tmp_path / "elsewhere")
    assert len(find_unused(engine, [], {})) == 3


def test_what_the_engine_keeps_is_told(tmp_path: Path, engine: FakeEngine, ensure: Ensure) -> None:
    ensure(checkout(tmp_path / "a"))
    (tmp_path / "a").rename(tmp_path / "elsewhere")
    unused = find_unused(engine, [], {})
    engine.remove_image = lambda reference: None  # type: ignore[method-assign]
    assert remove_unused(engine, unused, [], {}) == unused
