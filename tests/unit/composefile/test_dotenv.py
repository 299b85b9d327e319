"""Files of variables, as Compose reads them."""

from pathlib import Path

import pytest

from labctl.composefile import read_definition
from labctl.composefile.dotenv import parse_dotenv
from labctl.errors import InputError
from labctl.policy import find_excesses

ENVIRON = {"HOME_TOWN": "Bern", "WINS": "environment"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("\n\n  # only this\n", {}),
        ("A=one", {"A": "one"}),
        ("A=one\r\nB=two\r\n", {"A": "one", "B": "two"}),
        ("  A = one  ", {"A": "one"}),
        ("export A=one\nexport\tB=two", {"A": "one", "B": "two"}),
        ("export=x", {"export": "x"}),
        ("A: one", {"A": "one"}),
        ("APP-NAME=x\napp.name=y\n9=z\nA[0]=w", {"APP-NAME": "x", "app.name": "y", "9": "z", "A[0]": "w"}),
        ("A=\nB=x", {"A": "", "B": "x"}),
        ("A=one # a comment\nB=one#none\nC= # empty", {"A": "one", "B": "one#none", "C": ""}),
        ("A=a b  c", {"A": "a b  c"}),
        ("A=it's", {"A": "it's"}),
        ("A=x=y", {"A": "x=y"}),
        ('A="it\'s"', {"A": "it's"}),
        ("A='say \"so\"'", {"A": 'say "so"'}),
        (r'A="say \"so\""', {"A": 'say "so"'}),
        (r"A='Let\'s go'", {"A": "Let's go"}),
        (r'A="a\nb\tc\\d"', {"A": "a\nb\tc\\d"}),
        (r"A='a\nb'", {"A": r"a\nb"}),
        ('A="one\ntwo"\nB=x', {"A": "one\ntwo", "B": "x"}),
        ("A='one\n# two'\nB=x", {"A": "one\n# two", "B": "x"}),
        ('A="x" # a comment\nB="y"# another', {"A": "x", "B": "y"}),
        ("HOME_TOWN\nNOWHERE\nA=x", {"HOME_TOWN": "Bern", "A": "x"}),
        ("NOWHERE", {}),
        ("NOWHERE # a comment", {}),
        ("A=one\nB=${A}-$A\nC='$A'\nD=\"$A\"", {"A": "one", "B": "one-one", "C": "$A", "D": "one"}),
        (r'A="\$HOME_TOWN"' + "\nB=$$x", {"A": "$HOME_TOWN", "B": "$x"}),
        ("A=[$NOWHERE]${NOWHERE:-x}", {"A": "[]x"}),
        ("A=$HOME_TOWN\nWINS=file\nB=$WINS", {"A": "Bern", "WINS": "file", "B": "environment"}),
        ("A=1\nA=2", {"A": "2"}),
    ],
)
def test_what_compose_takes_is_read_as_compose_reads_it(text: str, found: dict[str, str]) -> None:
    assert parse_dotenv(text, ".env", ENVIRON) == found


def test_an_error_names_the_line_the_variable_begins_in() -> None:
    with pytest.raises(InputError) as caught:
        parse_dotenv("A='one\ntwo'\n\nB=$\n", ".env", {})
    assert caught.value.where == ".env:4"


COMPOSE_FILE = """
name: network-programming
services:
  web:
    image: web
    env_file: FILES
    environment: {OWN: compose}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "a.env").write_text("OWN=a\nBOTH=a\nTOWN=${HOME_TOWN}\nHOME_TOWN\nNOWHERE\n")
    (tmp_path / "b.env").write_text("BOTH=b\n")
    return tmp_path


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ("a.env", {"OWN": "compose", "BOTH": "a", "TOWN": "Bern", "HOME_TOWN": "Bern"}),
        ("[a.env, ./b.env]", {"OWN": "compose", "BOTH": "b", "TOWN": "Bern", "HOME_TOWN": "Bern"}),
        ("[b.env, {path: gone.env, required: false}]", {"OWN": "compose", "BOTH": "b"}),
        ("{path: b.env}", {"OWN": "compose", "BOTH": "b"}),
    ],
)
def test_a_services_files_of_variables_are_read(files: str, found: dict[str, str], course: Path) -> None:
    (course / "compose.yaml").write_text(COMPOSE_FILE.replace("FILES", files))
    read = read_definition(course / "compose.yaml", ENVIRON)
    assert read.services["web"].environment == found
    assert read.name == "network-programming"
    assert find_excesses(read) == []


def test_a_file_of_variables_elsewhere_needs_trust(
    course: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("else") / "secret.env"
    secret.write_text("KEY=x\n")
    (course / "link.env").symlink_to(secret)
    for files in (str(secret), "link.env"):
        (course / "compose.yaml").write_text(COMPOSE_FILE.replace("FILES", files))
        (found,) = find_excesses(read_definition(course / "compose.yaml", {}))
        assert found.what.startswith("the variables of ")


def test_an_error_in_a_file_of_variables_shows_nothing_of_its_text(course: Path) -> None:
    (course / "a.env").write_text("root:$6$secret:19000\n/bin/secret\n")
    (course / "compose.yaml").write_text(COMPOSE_FILE.replace("FILES", "a.env"))
    with pytest.raises(InputError) as caught:
        read_definition(course / "compose.yaml", {})
    assert "secret" not in caught.value.render()
