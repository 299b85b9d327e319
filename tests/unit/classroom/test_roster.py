"""The roster: both formats say the same, and whatever is wrong is told at once, each with its line."""

from pathlib import Path

import pytest

from labctl.errors import InputError, LabError
from labctl.roster import RosterEntry, read_roster
from labctl.settings import LabSettings

SERVICES = ("echo", "static", "client")
MIB = 1024 * 1024


def read(tmp_path: Path, name: str, text: str | bytes) -> list[RosterEntry]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path, SERVICES)


def complaints(tmp_path: Path, name: str, text: str | bytes) -> list[str]:
    with pytest.raises(LabError) as caught:
        read(tmp_path, name, text)
    assert caught.value.exit_code == 2
    return caught.value.render().splitlines()


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    from_yaml = read(
        tmp_path,
        "class.yaml",
        """\
labs:
  - ana
  - name: ben
    group: monday
    services: [echo, static]
    mem_limit: 48m
    cpus: 0.5
    pids_limit: 32
    work: homes/ben
""",
    )
    from_csv = read(
        tmp_path,
        "class.csv",
        "name,group,services,mem_limit,cpus,pids_limit,work\n"
        "ana\nben,monday,echo static,48m,0.5,32,homes/ben\n",
    )
    settings = LabSettings(("echo", "static"), 48 * MIB, 0.5, 32)
    for entries in (from_yaml, from_csv):
        assert [each.name for each in entries] == ["ana", "ben"]
        assert entries[0].settings == LabSettings()
        assert (entries[1].group, entries[1].settings) == ("monday", settings)
        assert entries[1].work == tmp_path / "homes" / "ben"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bare.yaml", "- ana\n- ben\n"),
        ("excel.csv", b"\xef\xbb\xbfname;group\r\nana;x\r\nben;\r\n"),
        ("gaps.csv", "Name, Group\nana,x\n\n,,\nben,\n"),
        ("late.csv", "\n,,\nname,group\nana,x\nben,\n"),
        ("wide.csv", "name,group,,\nana,x,,\nben,,,,,\n"),
        ("hole.csv", "name,,group\nana,,x\nben,,\n"),
        ("tabs.csv", "name\tgroup\nana\tx, y\nben\t\n"),
        ("tabs.tsv", "name\tgroup\nana\tx\nben\n"),
        ("old-mac.csv", "name,group\rana,x\rben,\r"),
        ("quoted.csv", 'name,group\n"ana","x, y"\n"ben",""\n'),
        ("extensions.yaml", "x-term: 2\nlabs:\n- {name: ana, x-mail: a@lab.test}\n- ben\n"),
    ],
)
def test_what_people_and_spreadsheets_write_is_understood(tmp_path: Path, name: str, text: str) -> None:
    assert [each.name for each in read(tmp_path, name, text)] == ["ana", "ben"]


def test_defaults_hold_for_all_unless_an_entry_says_otherwise(tmp_path: Path) -> None:
    ana, ben = read(
        tmp_path,
        "class.yaml",
        "defaults: {services: [echo], work: 'homes/{name}'}\n"
        "labs: [ana, {name: ben, services: static, work: b}]\n",
    )
    assert (ana.settings.services, ana.work) == (("echo",), tmp_path / "homes/ana")
    assert (ben.settings.services, ben.work) == (("static",), tmp_path / "b")


def test_everything_wrong_in_yaml_is_told_at_once_by_line(tmp_path: Path) -> None:
    told = complaints(
        tmp_path,
        "class.yaml",
        f"""\
labs:
  - ana
  - ana
  - Änne
  - {"x" * 300}
  - ''
  - name: ben
    services: [ecko]
    cpus: 0
    colour: red
  - {{group: monday}}
  - [zoe]
""",
    )
    lines = [int(each.split(":")[2]) for each in told]
    assert lines == [3, 4, 5, 6, 8, 9, 10, 11, 12]
    assert all(each.startswith("error: class.yaml:") and len(each) < 250 for each in told)
    assert "did you mean 'echo'" in told[4]


def test_everything_wrong_in_csv_is_told_at_once_by_line(tmp_path: Path) -> None:
    told = complaints(
        tmp_path,
        "class.csv",
        f"name,services,cpus\nana,,\nana,,\n,echo,\nÄnne,,\n{'x' * 300},,\nben,ecko,much\ncem,,,,x\n",
    )
    assert [int(each.split(":")[2]) for each in told] == [3, 4, 5, 6, 7, 7, 8]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("students: [x]\nlabs:\n- Änne\n- {name: ben, colour: red}\n", [1, 3, 4]),
        ("defaults: [x]\nlabs:\n- Änne\n", [1, 3]),
        ("defaults: {cpus: 0}\nlab: []\n", [1, 1, 2]),
        ("labs:\n- name: ana\n  cpus: 1\n  cpus: 2\n- {1: x, name: Änne}\n", [4, 5, 5, 5]),
    ],
)
def test_nothing_wrong_in_yaml_hides_what_else_is(text: str, lines: list[int], tmp_path: Path) -> None:
    assert [int(each.split(":")[2]) for each in complaints(tmp_path, "a.yaml", text)] == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name,colour\nÄnne,red\nben,x\nÖ,\n", [1, 2, 4]),
        ("nam,cpus\nÄnne,0\nben,x\n", [1, 1, 2, 3]),
        ('name,group\nana,"x\nÄnne,\nben,"x" y\nÖ,\n', [2, 3, 4, 5]),
        ("\nname,group\nana,a\u2028b\nÄnne,\n", [3, 4]),
        ('"name,group\nÄnne,\n', [1, 1]),
    ],
)
def test_nothing_wrong_in_csv_hides_what_else_is(text: str, lines: list[int], tmp_path: Path) -> None:
    assert [int(each.split(":")[2]) for each in complaints(tmp_path, "a.csv", text)] == lines


def test_a_flood_of_aliases_is_told_once(tmp_path: Path) -> None:
    entry = f"&a {{name: ana, work: '{'x' * 1000}'}}"
    told = complaints(tmp_path, "a.yaml", f"- {entry}\n" + "- *a\n" * 20_000)
    assert len([each for each in told if "holds too much" in each]) == 1
    assert "holds too much" in told[0]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "", "names no lab"),
        ("a.yaml", "labs: []\n", "names no lab"),
        ("a.yaml", "students: [ana]\n", "key 'students' is not supported"),
        ("a.yaml", "labs: [ana\n", "not YAML"),
        ("a.yaml", b"labs: [\xff]\n", "not UTF-8"),
        ("a.csv", "", "column 'name' is missing"),
        ("a.csv", "name\n", "names no lab"),
        ("a.csv", "learner,group\nana,x\n", "column 'name' is missing"),
        ("a.csv", "name,colour\nana,red\n", "no column 'colour'"),
        ("a.csv", "name,name\nana,ben\n", "stands twice"),
        ("a.csv", 'name\n"ana\n', "not CSV"),
        ("a.txt", "ana\n", "neither .yaml nor .csv"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    assert said in complaints(tmp_path, name, text)[0]


@pytest.mark.parametrize("suffix", ["yaml", "csv"])
@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_told_with_its_line(character: str, suffix: str, tmp_path: Path) -> None:
    text = {"yaml": "- ana\n- b{}\n", "csv": "name\nb{}\n"}[suffix].format(character)
    [told] = complaints(tmp_path, f"a.{suffix}", text)
    assert told.startswith(f"error: a.{suffix}:2: holds the control character")


@pytest.mark.parametrize("roster", ["a.csv", "a.yaml"])
def test_a_folder_behind_links_that_go_in_a_circle_is_refused(roster: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    text = {"a.csv": "name,work\nana,loop/x\n", "a.yaml": "labs:\n- {name: ana, work: loop/x}\n"}[roster]
    [told] = complaints(tmp_path, roster, text)
    assert f"{roster}:2: " in told
    assert "go in a circle" in told


def test_two_labs_may_not_share_a_home(tmp_path: Path) -> None:
    [told] = complaints(tmp_path, "a.csv", "name,work\nana,homes\nben,./homes\n")
    assert "work folder of 'ben' is that of 'ana'" in told


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("h", "h/b", "work folder of 'ben' lies in that of 'ana'"),
        ("h/a/b", "h", "work folder of 'ben' holds that of 'ana'"),
        ("h", "link/b", "work folder of 'ben' lies in that of 'ana'"),
    ],
)
def test_no_home_may_lie_in_another(first: str, second: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "h").mkdir()
    (tmp_path / "link").symlink_to("h")
    [told] = complaints(tmp_path, "a.csv", f"name,work\nana,{first}\nben,{second}\n")
    assert told == f"error: a.csv:3: {said}"


def test_homes_side_by_side_are_no_matter(tmp_path: Path) -> None:
    assert len(read(tmp_path, "a.csv", "name,work\nana,h/a\nben,h/ab\ncem,h/a-b/c\n")) == 3


def test_a_roster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_roster(tmp_path / "none.yaml", SERVICES)
