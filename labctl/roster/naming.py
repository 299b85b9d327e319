"""What a person's lab is called: derived from login, e-mail, name or number. Pure; no file is read here."""

import re
import unicodedata
from dataclasses import dataclass

from labctl.model import DEFAULT_LAB, LAB_NAME

LONGEST = 40
# Letters that Unicode does not decompose into a Latin letter and a mark, or that have a usual spelling.
SPELLINGS = str.maketrans(
    {
        **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa"},
        **{"ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h", "ŋ": "ng", "ə": "e"},
    }
)


@dataclass(frozen=True)
class Person:
    """A learner as a course system exports one; what it does not say is empty.

    Attributes:
        line: where in the file.
        name: as a person reads it: `Ana Müller`, or `Müller, Ana` as the file has it.
        login: of the course system.
        email: the address.
        number: the student's.
        group: group or section.
        lab: the lab's name, where the file says one.
    """

    line: int
    name: str = ""
    login: str = ""
    email: str = ""
    number: str = ""
    group: str = ""
    lab: str = ""


def derive_lab_name(person: Person) -> str:
    """Return a lab's name for a person, or nothing where no letter of it can be written in a lab's name."""
    last, comma, first = person.name.partition(",")
    in_order = f"{first} {last}" if comma else person.name
    sources = (person.login.partition("@")[0], person.email.partition("@")[0], in_order, person.number)
    return next((name for name in map(to_lab_name, sources) if name and name != DEFAULT_LAB), "")


def to_lab_name(text: str) -> str:
    """Return text in the letters that a lab's name may have; empty when nothing is left.

    Letters are written without their marks or as they are usually spelt (`ü`: `ue`); all else that may
    not stand in a name becomes `-`. A text of which letters of another script would be lost gives nothing.
    """
    spelt = unicodedata.normalize("NFC", text).lower().translate(SPELLINGS)
    plain = "".join(each for each in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(each))
    if any(each.isalnum() and not each.isascii() for each in plain):
        return ""
    name = re.sub(r"[^a-z0-9_]+", "-", plain)[:LONGEST].strip("-_")
    return name if LAB_NAME.fullmatch(name) else ""
