"""The columns of a file of people, by the names that stand in its first row."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from matcher.tables import Fault, Row, column_letter

__all__ = ["BOTH", "MENTEE_COLUMNS", "MENTOR_COLUMNS", "Column", "read_header"]


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column: what it is called, what else people call it, and an example.

    Attributes
    ----------
    name : str
    example : str
        What the template shows.
    also : tuple of str
    """

    name: str
    example: str
    also: tuple[str, ...] = ()


BOTH = (
    Column("id", "", ("key", "code")),
    Column("name", "", ("full name",)),
    Column("email", "", ("e-mail", "mail", "e-mail address", "email address")),
    Column("stage", "", ("career stage",)),
    Column("specialties", "", ("specialty", "specialities", "interests")),
    Column("topics", "", ("topic", "needs", "topics offered", "topics wanted")),
    Column("languages", "English; French", ("language",)),
    Column("zone", "Europe/London", ("time zone", "timezone")),
    Column("hours", "Mon 17:00-19:00; Tue 06:30-08:00", ("availability",)),
    Column("minutes", "", ("minutes a month", "minutes per month")),
    Column("background", "", ("traits",)),
    Column("favourites", "", ("favorites", "wishes")),
    Column("not_with", "", ("not with", "exclusions")),
)

_MENTOR_EXAMPLES = {
    "id": "M1",
    "name": "Mo Farahani",
    "email": "mo@example.org",
    "stage": "Attending - mid career (6-15 years)",
    "specialties": "General Surgery; Breast Surgical Oncology",
    "topics": "Work-life integration; Leadership development",
    "minutes": "120",
}
_MENTEE_EXAMPLES = {
    "id": "N1",
    "name": "Lee Okafor",
    "email": "lee@example.org",
    "stage": "Junior resident (PGY-2 to PGY-3)",
    "specialties": "General Surgery",
    "topics": "Work-life integration; Fellowship application",
    "favourites": "mo@example.org",
}


def _with(examples: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(column.name, examples.get(column.name, column.example), column.also) for column in BOTH)


MENTOR_COLUMNS = (
    *_with(_MENTOR_EXAMPLES),
    Column("places", "2", ("mentees", "capacity")),
    Column("stages_welcome", "Intern (PGY-1); Junior resident (PGY-2 to PGY-3)", ("stages welcome",)),
    Column("paused", "no"),
    Column("approved_for_students", "yes", ("approved for students",)),
)
MENTEE_COLUMNS = (
    *_with(_MENTEE_EXAMPLES),
    Column("wanted", "1", ("mentors wanted", "mentors")),
    Column("priority", "0"),
)


def read_header(file: str, header: Row, columns: Sequence[Column]) -> tuple[dict[int, str], list[Fault]]:
    """Give the name of the column at each position, and what is wrong with the first row."""
    known = {_fold(text): column.name for column in columns for text in (column.name, *column.also)}
    found: dict[int, str] = {}
    faults: list[Fault] = []
    for position, text in enumerate(header.cells):
        name = known.get(_fold(text))
        letter = column_letter(position)
        if name is None:
            close = difflib.get_close_matches(_fold(text), known, n=1)
            meant = f"did you mean {known[close[0]]}?" if close else f"known are {', '.join(c.name for c in columns)}"
            faults.append(Fault(file, header.number, letter, f"{text!r} is not a known column; {meant}"))
        elif name in found.values():
            faults.append(Fault(file, header.number, letter, f"the column {name} is there already: keep one"))
        else:
            found[position] = name
    if not {"id", "email", "name"} & set(found.values()):
        faults.append(Fault(file, header.number, None, "a column id, email or name is missing"))
    return found, faults


def _fold(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
