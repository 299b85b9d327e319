"""The labs' names of an exported roster, written down once, so that they stay when people come or go.

`class.csv` has its names in `class.labs.csv` beside it: a row a person, the columns those of `COLUMNS`.
People who left keep their row. An instructor may change a name there before the lab is up.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labctl.errors import InputError, LabError
from labctl.model import LAB_NAME, LAB_NAME_RULE
from labctl.replacing import replaced_file
from labctl.roster.naming import Person, derive_lab_name

COLUMNS = ("lab", "person", "number", "login", "email")
MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class Known:
    """A row of the names file."""

    lab: str
    person: Person

    def is_of(self, other: Person) -> bool:
        """Return whether it is the same person, by the first of these that both have."""
        mine = self.person
        for own, theirs in (
            (mine.number, other.number),
            (mine.login, other.login),
            (mine.email, other.email),
            (mine.name, other.name),
        ):
            if own and theirs:
                return own.casefold() == theirs.casefold()
        return False


def names_path(roster: Path) -> Path:
    """Return where the names of a roster's labs are kept."""
    return roster.with_name(f"{roster.stem}.labs.csv")


def read_known(path: Path, errors: list[LabError]) -> list[Known]:
    """Return the rows of a names file; none where there is no such file."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        errors.append(InputError(f"the labs' names cannot be read: {error}", where=f"{path.name}:1"))
        return []
    known: list[Known] = []
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not {"lab", "person"} <= {*(rows.fieldnames or ())}:
        hint = f"its columns are {','.join(COLUMNS)}"
        errors.append(InputError("is no file of labs' names", where=f"{path.name}:1", hint=hint))
        return []
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not LAB_NAME.fullmatch(cells["lab"]):
            what = f"{cells['lab'][:60]!r} cannot be a lab's name: {LAB_NAME_RULE}"
            errors.append(InputError(what, where=f"{path.name}:{rows.line_num}"))
            continue
        person = Person(rows.line_num, cells["person"], cells["login"], cells["email"], cells["number"])
        known.append(Known(cells["lab"], person))
    return known


def name_labs(
    people: Sequence[Person], known: Sequence[Known], where: str, errors: list[LabError]
) -> list[tuple[str, Person]]:
    """Return each person with the name of the lab, and append to the errors who can have none.

    Args:
        people: as the roster has them.
        known: the names that were given before.
        where: the roster, as errors name it.
        errors: appended to.
    """
    taken = {each.lab: each.person for each in known}
    named: list[tuple[str, Person]] = []
    seen: dict[str, Person] = {}
    for person in people:
        place = f"{where}:{person.line}"
        before = next((each.lab for each in known if each.is_of(person)), "")
        lab = person.lab or before or derive_lab_name(person)
        hint = "a column 'lab' with a name for it"
        if not lab:
            errors.append(
                InputError(f"no lab's name can be derived from {person.name!r}", where=place, hint=hint)
            )
        elif not LAB_NAME.fullmatch(lab):
            what = f"lab: {lab[:60]!r} cannot be a lab's name: {LAB_NAME_RULE}"
            errors.append(InputError(what, where=place))
        elif lab in seen:
            what = (
                f"{person.name!r} would have lab '{lab}', as {seen[lab].name!r} in line {seen[lab].line} has"
            )
            errors.append(InputError(what, where=place, hint=f"{hint}, such as {lab[:37]}-2"))
        elif not before and lab in taken:
            what = f"{person.name!r} would have lab '{lab}', which was {taken[lab].name!r}'s"
            errors.append(InputError(what, where=place, hint=f"{hint}, such as {lab[:37]}-2"))
        else:
            seen[lab] = person
            named.append((lab, person))
    return named


def keep_names(path: Path, known: Sequence[Known], named: Sequence[tuple[str, Person]]) -> None:
    """Write down the names that are new or have changed; nothing is written where none are.

    Raises:
        InputError: the file cannot be written, so the names would not be the same next time.
    """
    rows = {id(each): each for each in known}
    for lab, person in named:
        same = next((each for each in known if each.is_of(person)), None)
        if same is None or same.lab != lab:
            if same is not None:
                del rows[id(same)]
            new = Known(lab, person)
            rows[id(new)] = new
    kept = [*rows.values()]
    if kept == [*known]:
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in kept:
        person = each.person
        writer.writerow((each.lab, person.name, person.number, person.login, person.email))
    try:
        with replaced_file(path, mode=0o600) as file:
            file.write(text.getvalue().encode())
    except OSError as error:
        what = f"the labs' names cannot be kept: {error.strerror}"
        raise InputError(what, where=str(path), hint="a folder that you may write to") from None
