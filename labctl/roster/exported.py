"""A roster as a course system exports it: which of its columns says what of a person.

Read by their headings, in any case and order: Moodle's (`First name`, `Surname`, `Email address`,
`ID number`, `Groups`), Canvas's (`Student`, `SIS User ID`, `SIS Login ID`, `Section`, with a row
`Points Possible`), those of GitHub Classroom (`identifier`, `github_username`, `name`), and what people
write in a spreadsheet.
"""

from collections.abc import Mapping, Sequence

from labctl.roster.entry import FIELDS
from labctl.roster.naming import Person

# For each field the headings that mean it; of several in one file the first that has something counts.
FIRST_NAME = ("first name", "firstname", "given name", "vorname")
LAST_NAME = ("last name", "lastname", "surname", "family name", "nachname")
NAME = ("student", "full name", "student name", "display name", "name")
LOGIN = ("sis login id", "username", "user name", "github_username", "login", "login id")
EMAIL = ("email address", "email", "e-mail address", "e-mail")
NUMBER = ("sis user id", "id number", "student id", "student number", "identifier", "id")
GROUP = ("groups", "group", "section", "team")
LAB = ("lab",)
HEADINGS = frozenset((*FIRST_NAME, *LAST_NAME, *NAME, *LOGIN, *EMAIL, *NUMBER, *GROUP, *LAB))
# Rows that a course system adds and that are no person: Canvas's maximum, and its student for trying things.
NOT_PEOPLE = ("points possible", "student, test")


def is_exported(columns: Sequence[str]) -> bool:
    """Return whether a heading (in small letters) is a course system's, not one of labctl's own."""
    return any(each in HEADINGS and each not in FIELDS for each in columns)


def read_person(line: int, cells: Mapping[str, str]) -> Person | None:
    """Return the person in a row, given its cells by column; None: the row is no person."""

    def first_of(headings: Sequence[str]) -> str:
        return next((cells[each] for each in headings if cells.get(each)), "")

    parts = (first_of(FIRST_NAME), first_of(LAST_NAME))
    name = " ".join(filter(None, parts)) or first_of((*NAME, "identifier"))
    if name.lower() in NOT_PEOPLE:
        return None
    login, email, number = map(first_of, (LOGIN, EMAIL, NUMBER))
    if not (name or login or email or number):
        return None
    if not email and "@" in login:
        email = login
    return Person(line, name, login, email, number, first_of(GROUP), first_of(LAB))
