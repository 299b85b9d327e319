"""Rosters as course systems export them: who is meant, which lab is whose, and that it stays so."""

import json
import shutil
from pathlib import Path

import pytest

from labctl.cli.context import Context
from labctl.cli.main import main
from labctl.errors import LabError
from labctl.roster import RosterEntry, read_roster
from labctl.roster.naming import Person, derive_lab_name, to_lab_name
from tests.unit.definitions import definition

FOLDER = Path(__file__).with_name("exported")
SERVICES = ("echo", "static", "upper-tcp", "client")

EXPECTED = {
    "moodle.csv": [("ana-mueller", "Ana Müller", "Monday, A"), ("ben-oneil", "Ben O'Neil", "Tuesday")],
    "canvas.csv": [("amueller", "Müller, Ana", "Networks 1"), ("ben-oneil", "O'Neil, Ben", "Networks 1")],
    "github-classroom.csv": [("ana-codes", "ana.mueller@school.test", ""), ("ben-o-neil", "Ben O'Neil", "")],
    "excel.csv": [("ana-mueller", "Müller, Ana", ""), ("lukasz-zak", "Łukasz Żak", "")],
}


def read(path: Path) -> list[RosterEntry]:
    return read_roster(path, SERVICES)


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n")
    return path


def test_there_is_a_file_of_each_system() -> None:
    assert {path.name for path in FOLDER.glob("*.csv")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_exported_roster_is_taken_as_it_is(name: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(FOLDER / name, tmp_path))
    assert [(each.name, each.person, each.group) for each in read(path)] == EXPECTED[name]
    assert [each.name for each in read(path)] == [lab for lab, *_ in EXPECTED[name]], "the second time"


def test_the_services_of_a_cell_may_be_separated_by_anything(tmp_path: Path) -> None:
    for cell in ('"echo,upper-tcp"', "echo upper-tcp", '"echo; upper-tcp"', '" echo , upper-tcp,"'):
        [entry] = read(write(tmp_path / "class.csv", "name,services", f"ana,{cell}"))
        assert entry.settings.services == ("echo", "upper-tcp")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Müller", "mueller"),
        ("Mu\u0308ller", "mueller"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("Strauß", "strauss"),
        ("José María", "jose-maria"),
        ("O'Neil", "o-neil"),
        ("--x--", "x"),
        ("Дмитрий", ""),
        ("李", ""),
        ("...", ""),
        ("a" * 50, "a" * 40),
    ],
)
def test_a_name_is_written_in_the_letters_of_labs(text: str, name: str) -> None:
    assert to_lab_name(text) == name


def test_what_cannot_be_written_is_derived_from_something_else() -> None:
    assert derive_lab_name(Person(2, "Дмитрий", email="dmitri@school.test")) == "dmitri"
    assert derive_lab_name(Person(2, "李", number="2026003")) == "2026003"
    assert derive_lab_name(Person(2, "Lab", login="lab", number="7")) == "7", "the default lab is nobody's"


def test_names_stay_when_people_come_and_go(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    write(path, "Student,Email", "Ana Li,ana@school.test", "Ben Ox,ben@school.test")
    assert [each.name for each in read(path)] == ["ana", "ben"]
    names = tmp_path / "class.labs.csv"
    assert names.read_text().splitlines()[1] == "ana,Ana Li,,,ana@school.test"
    names.write_text(names.read_text().replace("ben,Ben", "benjamin,Ben"))
    write(path, "Student,Email", "Ana Li-Lu,ana@school.test", "Cyd,cyd@school.test", "Ben Ox,BEN@school.test")
    assert [each.name for each in read(path)] == ["ana", "cyd", "benjamin"]
    write(path, "Student,Email", "Cyd,cyd@school.test")
    read(path)
    assert [line.split(",")[0] for line in names.read_text().splitlines()] == [
        "lab",
        "ana",
        "benjamin",
        "cyd",
    ]


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "class.csv",
        "First name,Surname,lab,services",
        "Ana,Li,,echo",
        "Ana,Li,,nosuch",
        "李,,,",
        "Ben,Ox,Ben!,",
    )
    with pytest.raises(LabError) as caught:
        read(path)
    lines = caught.value.render().splitlines()
    assert [line.split(":")[2] for line in lines] == ["3", "4", "5"]
    assert "would have lab 'ana-li', as 'Ana Li' in line 2 has" in lines[0]
    assert "a column 'lab' with a name for it" in lines[1]
    assert not (tmp_path / "class.labs.csv").exists()


def test_a_service_that_is_none_is_named_of_people_too(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="there is no service 'nosuch'"):
        read(write(tmp_path / "class.csv", "Student,services", "Ana,nosuch"))


def test_a_name_of_someone_who_left_is_not_given_again(tmp_path: Path) -> None:
    path = write(tmp_path / "class.csv", "Student,ID number", "Ana,1")
    read(path)
    with pytest.raises(LabError) as caught:
        read(write(path, "Student,ID number", "Ana,2"))
    assert "which was 'Ana''s" in caught.value.render()
    assert [each.name for each in read(write(path, "Student,ID number,lab", "Ana,2,ana-2"))] == ["ana-2"]


@pytest.mark.parametrize("text", ["x,y\n", "lab,person\nNo!,Ana\n", b"\xff\xfe\x00".decode("latin-1")])
def test_a_names_file_that_is_none_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "class.csv", "Student,Email", "Ana,ana@school.test")
    (tmp_path / "class.labs.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(LabError) as caught:
        read(path)
    assert "class.labs.csv:" in caught.value.render()


def test_roster_show_prints_the_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Context, "definition_as_read", definition())
    path = shutil.copy(FOLDER / "moodle.csv", tmp_path)
    assert main(["roster", "show", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0] == {
        "lab": "ana-mueller",
        "person": "Ana Müller",
        "group": "Monday, A",
    }
    assert main(["roster", "show", str(path)]) == 0
    assert "ana-mueller  Ana Müller" in capsys.readouterr().out
