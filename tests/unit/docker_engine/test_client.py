"""What the client asks of an Engine, and what it makes of the answers."""

import gc
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.cancellation import Cancelled, cancel
from labctl.docker_engine import DockerEngine
from labctl.engine import Container, ContainerSpec, ExistingImage, ExistingNetwork
from labctl.errors import EngineError, EngineUnavailableError
from labctl.model import Network, Volume
from tests.unit.definitions import definition
from tests.unit.docker_engine.scripted import Answer, scripted

GONE = Answer(404, {"message": "no such thing"})
DONE = Answer(204)
SPEC = ContainerSpec("lab-alpha-1", next(iter(definition().services.values())), "net", {}, {})


def test_containers_are_asked_for_by_label_and_read_however_little_is_said(tmp_path: Path) -> None:
    said = {"Id": "a" * 64, "Names": None, "State": "created", "Status": "", "ImageID": "i", "Labels": None}
    whole = {
        **{"Id": "b", "Names": ["/lab-echo-1"], "State": "running", "Status": "Up", "ImageID": "i"},
        "Labels": {"x": "y"},
        "NetworkSettings": {"Networks": {"net": {"IPAddress": "10.0.0.2", "GlobalIPv6Address": ""}}},
        "Ports": [
            {"IP": "127.0.0.1", "PublicPort": 10007, "PrivatePort": 7, "Type": "tcp"},
            {"PrivatePort": 9, "Type": "tcp"},
        ],
    }
    with scripted(tmp_path, {"GET /containers/json": Answer(body=[said, whole])}) as (engine, script):
        assert engine.containers({"org.lab": None, "x": "y"}) == [
            Container("a" * 64, "a" * 12, "created", "", "i"),
            Container(
                *("b", "lab-echo-1", "running", "Up", "i"),
                labels={"x": "y"},
                addresses={"net": ("10.0.0.2", "")},
                published=("127.0.0.1:10007/tcp",),
            ),
        ]
    query = urllib.parse.parse_qs(script.queries[0])
    assert query["all"] == ["1"]
    assert query["filters"] == ['{"label": ["org.lab", "x=y"]}']


def test_a_container_that_cannot_join_all_its_networks_does_not_stay(tmp_path: Path) -> None:
    answers = {
        "POST /containers/create": Answer(201, {"Id": "c1"}),
        "POST /networks/second/connect": Answer(500, {"message": "no address left"}),
        "DELETE /containers/c1": DONE,
    }
    spec = ContainerSpec(SPEC.name, SPEC.service, "net", {}, {}, more_networks={"second": ("other",)})
    with (
        scripted(tmp_path, {**answers}) as (engine, script),
        pytest.raises(EngineError, match="connect container lab-alpha-1 to second") as caught,
    ):
        engine.create(spec)
    assert caught.value.log == "no address left"
    assert script.asked == [*answers]
    assert script.bodies[1]["EndpointConfig"]["Aliases"] == ["alpha", "other"]


BUSY = Answer(409, {"message": "removal of container c1 is already in progress"})


@pytest.mark.parametrize("answer", [DONE, GONE, BUSY])
def test_a_container_that_is_going_anyhow_is_removed(answer: Answer, tmp_path: Path) -> None:
    with scripted(tmp_path, {"DELETE /containers/c1": answer}) as (engine, script):
        engine.remove("c1")
    query = urllib.parse.parse_qs(script.queries[0])
    assert (query["force"], query["v"]) == (["True"], ["True"]), "a volume without a name goes, too"


def test_a_container_that_cannot_be_removed_is_an_error_in_the_engines_words(tmp_path: Path) -> None:
    busy = {"DELETE /containers/c1": Answer(500, {"message": "device busy"})}
    with (
        scripted(tmp_path, {**busy}) as (engine, _),
        pytest.raises(EngineError, match="could not remove the container") as caught,
    ):
        engine.remove("c1")
    assert caught.value.log == "device busy"


def test_a_network_is_emptied_before_it_is_removed(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "GET /networks/n1": Answer(body={"Containers": {"id": {"Name": "lab-echo-1"}}}),
        "POST /networks/n1/disconnect": Answer(200),
        "DELETE /networks/n1": DONE,
    }
    with scripted(tmp_path, answers) as (engine, script):
        engine.remove_network("n1")
    assert script.asked == [*answers]
    assert script.bodies[1] == {"Container": "lab-echo-1", "Force": True}


REMOVALS: dict[str, Callable[[DockerEngine], None]] = {
    "GET /networks/n1": lambda engine: engine.remove_network("n1"),
    "DELETE /volumes/v1": lambda engine: engine.remove_volume("v1"),
    "GET /images/i1/json": lambda engine: engine.remove_image("i1"),
}


@pytest.mark.parametrize("asked", REMOVALS)
def test_what_is_gone_is_removed(asked: str, tmp_path: Path) -> None:
    with scripted(tmp_path, {asked: GONE}) as (engine, script):
        REMOVALS[asked](engine)
    assert script.asked == [asked]


def test_networks_and_volumes_are_read_however_little_is_said(tmp_path: Path) -> None:
    networks = [
        {"Id": "1", "Name": "host", "IPAM": {"Config": None}, "Labels": None},
        {"Id": "2", "Name": "lab", "IPAM": {"Config": [{"Subnet": "10.0.0.0/26"}, {}]}, "Labels": {"a": "b"}},
    ]
    volumes = {"Volumes": [{"Name": "v", "Labels": None}]}
    answers: dict[str, Answer | list[Answer]] = {
        "GET /networks": Answer(body=networks),
        "GET /volumes": [Answer(body=volumes), Answer(body={"Volumes": None})],
    }
    with scripted(tmp_path, answers) as (engine, _):
        assert engine.networks() == [
            ExistingNetwork("1", "host", ()),
            ExistingNetwork("2", "lab", ("10.0.0.0/26",), {"a": "b"}),
        ]
        assert engine.volumes({}) == ["v"]
        assert engine.volumes({}) == []


def test_networks_and_volumes_are_made_with_both_sorts_of_labels(tmp_path: Path) -> None:
    answers = {"POST /networks/create": Answer(201, {"Id": "1"}), "POST /volumes/create": Answer(201, {})}
    with scripted(tmp_path, {**answers}) as (engine, script):
        engine.create_network("lab_default", Network("default", labels={"of": "file"}), {"own": "1"})
        engine.create_volume("lab_v", Volume("v", labels={"of": "file"}), {"own": "1"})
    assert [each["Labels"] for each in script.bodies] == [{"of": "file", "own": "1"}] * 2
    assert script.bodies[0]["CheckDuplicate"] is True


def test_images_without_a_tag_have_none(tmp_path: Path) -> None:
    said = [{"Id": "i", "RepoTags": ["<none>:<none>"], "Labels": None, "Size": 5}]
    with scripted(tmp_path, {"GET /images/json": Answer(body=said)}) as (engine, _):
        assert engine.list_images() == [ExistingImage("i", (), {}, 5)]


def test_an_image_by_its_id_stays_when_it_has_tags_or_is_in_use(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "GET /images/i1/json": [
            Answer(body={"Id": "i1", "RepoTags": ["a:b"]}),
            Answer(body={"Id": "i1", "RepoTags": []}),
        ],
        "DELETE /images/i1": Answer(409, {"message": "container c1 is using it"}),
    }
    with scripted(tmp_path, answers) as (engine, script):
        engine.remove_image("i1")
        assert script.asked == ["GET /images/i1/json"]
        engine.remove_image("i1")
        assert script.asked[-1] == "DELETE /images/i1"


def test_a_folder_is_read_in_pieces_until_the_user_gives_up(tmp_path: Path) -> None:
    stat = Answer(body=b"x" * 5_000_000)
    with scripted(tmp_path, {"GET /containers/c1/archive": stat}) as (engine, _):
        pieces = engine.read_folder("c1", "/home")
        assert next(pieces)
        cancel()
        with pytest.raises(Cancelled):
            next(pieces)


def test_a_folder_is_written_as_it_comes(tmp_path: Path) -> None:
    with scripted(tmp_path, {"PUT /containers/c1/archive": Answer(200)}) as (engine, script):
        engine.write_folder("c1", "/home", (bytes([each]) * 3 for each in b"ab"))
    assert script.bodies == [b"aaabbb"]
    assert urllib.parse.parse_qs(script.queries[0])["path"] == ["/home"]


def test_an_engine_that_breaks_off_is_gone(tmp_path: Path) -> None:
    cut = Answer(body=b"[", is_cut=True)
    with scripted(tmp_path, {"GET /containers/json": cut, "GET /containers/c1/archive": cut}) as (engine, _):
        with pytest.raises(EngineUnavailableError):
            engine.containers({})
        with pytest.raises(EngineUnavailableError):
            list(engine.read_folder("c1", "/home"))


# The SDK does not close a socket that finds nobody.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_engine_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with scripted(tmp_path, {}) as (engine, _):
        pass
    with pytest.raises(EngineUnavailableError) as caught:
        engine.networks()
    assert caught.value.hint == "labctl doctor"
    assert caught.value.exit_code == 3
    del caught
    gc.collect()


def test_a_command_whose_end_the_engine_has_lost_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labctl.docker_engine.client.printed", lambda *_, **__: iter([(False, b"words")]))
    monkeypatch.setattr("labctl.docker_engine.client.EXIT_CODE_TIMEOUT_S", 0.2)
    answers: dict[str, Answer | list[Answer]] = {
        "POST /containers/c1/exec": Answer(201, {"Id": "e1"}),
        "GET /exec/e1/json": [Answer(body={"ExitCode": None}), Answer(body={"ExitCode": 3})],
    }
    with scripted(tmp_path, answers) as (engine, _):
        assert engine.execute("c1", ["probe"]).exit_code == 3
    answers["GET /exec/e1/json"] = Answer(body={"ExitCode": None})
    (tmp_path / "again").mkdir()
    with (
        scripted(tmp_path / "again", answers) as (engine, _),
        pytest.raises(EngineError, match="does not know how probe ended") as caught,
    ):
        engine.execute("c1", ["probe"])
    assert caught.value.log == "words"
