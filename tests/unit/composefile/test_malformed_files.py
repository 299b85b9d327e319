"""Each file in `malformed/` is refused, in one line that names the place.

A file's first line says what is expected: `# expect: LINE: SUBSTRING`. To add a case, add a file.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from labctl.composefile import read_definition
from labctl.composefile.tree import MAX_DEPTH, REREAD_CHARACTERS, Budget, read_tree
from labctl.errors import ComposeFileError, InputError

MALFORMED = sorted(Path(__file__).with_name("malformed").glob("*.yaml"))
EXPECTATION = re.compile(r"# expect: ([0-9]+): (.+)")


def error_of(path: Path, environ: dict[str, str] | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read_definition(path, environ or {})
    assert caught.value.exit_code == 2
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(caught.value.render().splitlines()) == 1
    return caught.value


def test_the_malformed_files_are_found() -> None:
    assert len(MALFORMED) >= 100


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.stem)
def test_a_malformed_file_is_refused_with_its_line_and_reason(path: Path) -> None:
    expectation = EXPECTATION.fullmatch(path.read_text().splitlines()[0])
    assert expectation, f"{path.name} does not begin with '# expect: LINE: SUBSTRING'"
    began = time.process_time()  # of this process alone: what else the machine does is no part of it
    error = error_of(path)
    assert time.process_time() - began < 5
    assert isinstance(error, ComposeFileError)
    assert error.where.rpartition("/")[2] == f"{path.name}:{expectation[1]}", error.render()
    assert expectation[2] in error.render()


@pytest.mark.parametrize("octets", [b"", b"\n\n", b"# a comment\n", b"---\n", b"\xef\xbb\xbf"])
def test_a_file_without_anything_is_refused(octets: bytes, tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_bytes(octets)
    assert "is needed" in error_of(path).what or "is empty" in error_of(path).what


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_bytes(b"services:\n  web:\n    image: caf\xe9\n")
    error = error_of(path)
    assert (error.what, error.where) == ("not UTF-8 text", f"{path}:3")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_bytes(b"# " + b"x" * 1024 * 1024)
    assert "larger than 1048576 bytes" in error_of(path).what


def test_a_device_without_end_is_refused() -> None:
    assert "larger than 1048576 bytes" in error_of(Path("/dev/zero")).what


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? "])
def test_a_file_that_opens_without_end_is_refused_in_our_own_words(opening: bytes, tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_bytes(opening * (1024 * 1024 // len(opening)))
    error = error_of(path)
    key = "a key must be a word, not a list or a mapping"
    assert error.what in (f"nested more than {MAX_DEPTH} deep", key)


def test_of_a_refused_file_only_the_beginning_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = yaml.parse

    def counting_parse(text: str, **loader: type) -> Iterator[yaml.Event]:
        parsed.append(len(text))
        return parse(text, **loader)

    monkeypatch.setattr(yaml, "parse", counting_parse)
    text = "# far behind\n" * 20_000 + "c: ]\n"
    with pytest.raises(ComposeFileError, match="not YAML: cannot be read from column 4 on"):
        read_tree(text, "compose.yaml", Budget())
    assert parsed == [len(text), REREAD_CHARACTERS]


def test_what_is_not_yaml_is_refused_with_line_and_column_in_our_own_words(tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_text("services:\n  echo: ]\n")
    error = error_of(path)
    assert error.where == f"{path}:2"
    assert error.what.startswith("not YAML: cannot be read from column 9 on (the parser: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = error_of(tmp_path / "compose.yaml")
    assert (error.what, error.where) == ("no such file", str(tmp_path / "compose.yaml"))


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    error = error_of(tmp_path)
    assert error.what == "is a folder, not a file"
    assert error.hint == f"{tmp_path}/compose.yaml"


def test_a_file_below_the_current_folder_is_named_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labs").mkdir()
    (tmp_path / "labs" / "compose.yaml").write_text("services: {}\n")
    assert error_of(Path("labs/compose.yaml")).where == "labs/compose.yaml:1"


def test_a_message_of_several_lines_is_told_in_one(tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_text('services:\n  web: {image: "${IMAGE:?say\\nwhich}"}\n')
    assert "variable IMAGE is required: say which" in error_of(path).render()


@pytest.mark.parametrize("word", ["a\\nb", "\\e[31m", "\\u2028", "a\\rb", "x" * 5000])
def test_a_value_in_a_message_is_quoted_and_short(word: str, tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_text(f'services:\n  web: {{image: x, mem_limit: "{word}"}}\n')
    rendering = error_of(path).render()
    assert rendering.isprintable()
    assert len(rendering) < 300 + len(str(path))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("NA ME=x", "a line that is not NAME=value"),
        ("NA/ME=x", "a line that is not NAME=value"),
        ("=x", "a line that is not NAME=value"),
        ("NAME='x", "NAME: the quote ' has no end"),
        ('NAME="x\\"', 'NAME: the quote " has no end'),
        ("NAME=${OTHER:?say it}", "NAME: variable OTHER is required: say it"),
        ("NAME=$", "NAME: a '$' that begins no variable"),
    ],
)
def test_a_malformed_dotenv_line_is_refused_with_its_place(line: str, what: str, tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_text("services:\n  web: {image: x}\n")
    (tmp_path / ".env").write_text(f"# first\n{line}\n")
    error = error_of(path)
    assert what in error.what
    assert error.where == f"{tmp_path}/.env:2"


def test_dotenv_variables_that_double_each_other_are_cut_off(tmp_path: Path) -> None:
    (path := tmp_path / "compose.yaml").write_text("services:\n  web: {image: x}\n")
    lines = ["V0=xxxxxxxxxx", *(f"V{number}=${{V{number - 1}}}${{V{number - 1}}}" for number in range(1, 60))]
    (tmp_path / ".env").write_text("\n".join(lines))
    assert "its variables make it too long" in error_of(path).what
