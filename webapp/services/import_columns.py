"""The columns of a file of people: what they are called, and which of a file's own columns is meant by each."""

import difflib
from collections.abc import Mapping, Sequence

from matcher.people_columns import Column

COLUMNS = (
    Column("E-mail", "mo@example.org", ("email", "mail", "e-mail address", "email address", "address")),
    Column("Name", "Dr Mo Farahani", ("full name", "display name", "person", "participant")),
    Column("Role", "mentor", ("roles", "takes part as", "type", "mentor or mentee", "participates as")),
    Column("Pronouns", "she/her", ("pronoun",)),
    Column(
        "Institution",
        "Lakeland General",
        ("hospital", "organisation", "organization", "employer", "university", "affiliation", "workplace"),
    ),
    Column("City", "Chicago", ("town", "place", "location")),
    Column("Country", "US", ("nation", "country code")),
    Column("Stage", "Attending - mid career (6-15 years)", ("career stage", "level", "position", "career level")),
    Column("Specialties", "General Surgery; Breast Surgical Oncology", ("specialty", "speciality", "specialities")),
    Column("Languages", "English; Spanish", ("language", "languages spoken")),
    Column("Time zone", "America/Chicago", ("zone", "timezone", "tz")),
    Column("Hours", "Mon 17:00-20:00; Wed 07:00-08:00", ("availability", "available", "free hours", "free")),
    Column(
        "Topics offered",
        "Leadership development; Work-life integration",
        ("topics", "offers", "can help with", "offer"),
    ),
    Column(
        "Stages welcome",
        "Intern (PGY-1); Junior resident (PGY-2 to PGY-3)",
        ("welcome", "glad to meet", "mentees welcome"),
    ),
    Column("Minutes a month", "120", ("minutes", "minutes per month", "monthly minutes", "time a month")),
    Column("Places", "2", ("mentees", "capacity", "number of mentees", "max mentees", "places for mentees")),
    Column("About mentoring", "I listen first.", ("about", "mentoring style", "about my mentoring", "bio")),
    Column("Needs", "", ("needs in order", "topics wanted", "looks for", "goals wanted", "topics needed")),
    Column(
        "Specialties of interest", "", ("interests", "interested in", "specialties wanted", "specialty of interest")
    ),
    Column("Mentors wanted", "", ("wanted", "mentors", "number of mentors")),
    Column("Goal", "", ("goals", "in a year", "aim")),
)
NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = ("E-mail", "Name", "Role")
ROLES = ("mentor", "mentee", "both")
ALL_ARE = "everyone"  # in a mapping, beside the columns: the role of each row where the file has none
MENTEE_EXAMPLE = {
    "E-mail": "lee@example.org",
    "Name": "Lee Lindqvist",
    "Role": "mentee",
    "Pronouns": "",
    "Institution": "Lakeland General",
    "City": "Chicago",
    "Country": "US",
    "Stage": "Junior resident (PGY-2 to PGY-3)",
    "Specialties": "General Surgery",
    "Languages": "English",
    "Time zone": "America/Chicago",
    "Hours": "Tue 18:00-21:00; Sat-Sun 10:00-12:00",
    "Needs": "Work-life integration; Fellowship application",
    "Specialties of interest": "Vascular Surgery",
    "Mentors wanted": "1",
    "Goal": "I know which fellowship suits me.",
}


def template_rows() -> list[list[str]]:
    """Return the first row and two examples, a mentor and a mentee."""
    mentee = [MENTEE_EXAMPLE.get(name, "") for name in NAMES]
    return [list(NAMES), [column.example for column in COLUMNS], mentee]


def guess_mapping(header: Sequence[str], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """Say which of the file's columns holds what: as it was kept, by name, by another name for it, or by likeness."""
    left = {name: _fold(name) for name in header if name}
    mapping: dict[str, str] = {}

    def take(column: str, name: str) -> None:
        mapping[column] = name
        del left[name]

    for column, name in (kept or {}).items():
        if column in NAMES and name in left:
            take(column, name)
    for known in (_own_names, _other_names):
        for one in COLUMNS:
            like = next((name for name, folded in left.items() if folded in known(one)), None)
            if like is not None and one.name not in mapping:
                take(one.name, like)
    for wanted in NAMES:
        close = difflib.get_close_matches(_fold(wanted), left.values(), n=1, cutoff=0.85)
        if close and wanted not in mapping:
            take(wanted, next(name for name, folded in left.items() if folded == close[0]))
    if "Role" not in mapping and kept and kept.get(ALL_ARE) in ROLES:
        mapping[ALL_ARE] = kept[ALL_ARE]
    return mapping


def is_complete(mapping: Mapping[str, str]) -> bool:
    return all(name in mapping for name in REQUIRED if name != "Role") and bool({"Role", ALL_ARE} & mapping.keys())


def left_over(header: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Return the columns of the file that nothing is read from."""
    used = {name for column, name in mapping.items() if column != ALL_ARE}
    return [name for name in header if name and name not in used]


def _own_names(column: Column) -> set[str]:
    return {_fold(column.name)}


def _other_names(column: Column) -> set[str]:
    return {_fold(name) for name in column.also}


def _fold(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", "").split()).casefold()
