"""The hash of what an image is built from: changes when the image would, and only then."""

import os
from pathlib import Path

import pytest

from labctl.errors import InputError
from labctl.features.provision.build_digest import digest_of_build
from labctl.features.provision.ignoring import parse_ignored
from labctl.model import Build


@pytest.fixture
def context(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / ".dockerignore").write_text("# a comment\n\n*.log\n**/scratch\n")
    (tmp_path / "echo").mkdir()
    (tmp_path / "echo" / "server.py").write_text("print()\n")
    (tmp_path / "echo" / "server.py").chmod(0o644)
    return tmp_path


def digest(context: Path) -> str:
    return digest_of_build(Build(context, target="server"))


def test_the_same_files_give_the_same_hash(context: Path) -> None:
    before = digest(context)
    (context / "echo" / "server.py").touch()
    assert digest(context) == before


def test_another_content_gives_another_hash(context: Path) -> None:
    before = digest(context)
    (context / "echo" / "server.py").write_text("print(1)\n")
    assert digest(context) != before


def test_the_executable_bit_counts_and_nothing_else_of_the_mode(context: Path) -> None:
    before = digest(context)
    for mode in (0o664, 0o600, 0o640):
        (context / "echo" / "server.py").chmod(mode)
        assert digest(context) == before
    (context / "echo" / "server.py").chmod(0o755)
    program = digest(context)
    assert program != before
    (context / "echo" / "server.py").chmod(0o775)
    assert digest(context) == program


@pytest.mark.parametrize(
    "name", ["server.pyc", ".server.py.swp", "server.py~", "#server.py#", ".#server.py", ".DS_Store"]
)
def test_what_editors_and_python_leave_does_not_count(name: str, context: Path) -> None:
    before = digest(context)
    (context / "echo" / name).write_text("left")
    assert digest(context) == before


def test_another_name_gives_another_hash(context: Path) -> None:
    before = digest(context)
    (context / "echo" / "server.py").rename(context / "echo" / "main.py")
    assert digest(context) != before


def test_a_link_counts_by_where_it_points(context: Path) -> None:
    (context / "link").symlink_to("nowhere")
    before = digest(context)
    (context / "link").unlink()
    (context / "link").symlink_to("elsewhere")
    assert digest(context) != before


def test_a_new_file_gives_another_hash(context: Path) -> None:
    before = digest(context)
    (context / "echo" / "new.py").touch()
    assert digest(context) != before


def test_names_and_contents_do_not_run_into_each_other(tmp_path: Path) -> None:
    digests = set()
    for name, content in (("a", "bc"), ("ab", "c"), ("abc", "")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Dockerfile").touch()
        (folder / name).write_text(content)
        digests.add(digest(folder))
    assert len(digests) == 3


def test_what_is_ignored_does_not_count(context: Path) -> None:
    before = digest(context)
    (context / "some.log").touch()
    (context / "echo" / "scratch").mkdir()
    (context / "echo" / "scratch" / "notes").touch()
    (context / "echo" / "__pycache__").mkdir()
    (context / "echo" / "__pycache__" / "server.pyc").touch()
    assert digest(context) == before


def test_target_arguments_and_dockerfile_count(context: Path) -> None:
    (context / "Other").write_text("FROM scratch\n")
    builds = [
        Build(context, target="server"),
        Build(context, target="client"),
        Build(context, target="server", args={"BASE_IMAGE": "debian:trixie-slim"}),
        Build(context, target="server", args={"BASE_IMAGE": "debian:sid-slim"}),
        Build(context, target="server", dockerfile="Other"),
    ]
    assert len({digest_of_build(build) for build in builds}) == len(builds)


def test_a_missing_dockerfile_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Dockerfile") as caught:
        digest(tmp_path)
    assert caught.value.where == str(tmp_path / "Dockerfile")


def test_a_file_that_cannot_be_read_is_named(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        if path.name == "Dockerfile":
            return b""
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match="cannot be read: Permission denied") as caught:
        digest(context)
    assert caught.value.where.startswith(str(context))


def test_a_dockerignore_that_is_not_utf_8_is_read_all_the_same(context: Path) -> None:
    (context / ".dockerignore").write_bytes(b"caf\xe9\n")
    before = digest(context)
    (context / os.fsdecode(b"caf\xe9")).write_text("x")
    assert digest(context) == before


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Dockerfile", "Dockerfile", True),
        ("Dockerfile", "echo/Dockerfile", False),
        ("**/Dockerfile", "echo/Dockerfile", True),
        ("**/Dockerfile", "Dockerfile", True),
        ("/echo", "echo/server.py", True),
        ("echo/", "echo/server.py", True),
        ("echo", "echoes", False),
        ("*.py", "echo/server.py", False),
        ("*/*.py", "echo/server.py", True),
        ("**/*.sw?", "a/b/.x.swp", True),
        ("docs/**", "docs/a/b", True),
        ("[ab].txt", "a.txt", True),
        ("[ab].txt", "c.txt", False),
        ("*.md\n!README.md", "README.md", False),
        ("*.md\n!README.md", "NOTES.md", True),
        ("!README.md\n*.md", "README.md", True),
        ("a.b", "aXb", False),
        ("", "anything", False),
    ],
)
def test_a_dockerignore_rule_leaves_out_what_the_engine_would(rules: str, path: str, expected: bool) -> None:
    assert parse_ignored(rules)(path) is expected
