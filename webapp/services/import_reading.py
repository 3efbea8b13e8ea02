"""From the rows of a table to people, with every fault by row, column and value. Knows no database."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from email_validator import EmailNotValidError, validate_email

from matcher.tables import column_letter
from webapp.services.import_columns import ALL_ARE
from webapp.services.import_hours import UnreadableHoursError, read_hours
from webapp.services.import_words import Words, fold
from webapp.services.names import LONGEST_NAME, holds_link, tidy_name

MOST_FOUND = 10_000
LONGEST_SHOWN = 120
LONGEST_EMAIL = 254
_MENTOR_ONLY = ("Topics offered", "Stages welcome", "Minutes a month", "Places", "About mentoring")
_MENTEE_ONLY = ("Needs", "Specialties of interest", "Mentors wanted", "Goal")
_MENTOR_WORDS, _MENTEE_WORDS = {"mentor", "mentors", "both"}, {"mentee", "mentees", "both"}
_BETWEEN_ROLES = re.compile(r"\s*(?:[;|,/&+]|\band\b)\s*")


@dataclass(frozen=True)
class Found:
    """A fault, or something to know, in one cell; the page says it in words."""

    row: int
    letter: str
    column: str
    value: str
    kind: str
    meant: str = ""


@dataclass(frozen=True)
class ReadPerson:
    """One row, as it was understood. A part that is left out was not stated."""

    row: int
    email: str
    name: str
    is_mentor: bool
    is_mentee: bool
    person: dict[str, str] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    windows: tuple[tuple[int, int, int], ...] = ()
    offer: dict[str, Any] = field(default_factory=dict)
    request: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Reading:
    """What a whole table holds; `n_faults` counts on where `faults` lists no more."""

    people: list[ReadPerson] = field(default_factory=list)
    faults: list[Found] = field(default_factory=list)
    warnings: list[Found] = field(default_factory=list)
    n_faults: int = 0
    n_warnings: int = 0
    faulty_rows: set[int] = field(default_factory=set)

    def add_fault(self, found: Found) -> None:
        self.n_faults += 1
        self.faulty_rows.add(found.row)
        if len(self.faults) < MOST_FOUND:
            self.faults.append(found)

    def warn(self, found: Found) -> None:
        self.n_warnings += 1
        if len(self.warnings) < MOST_FOUND:
            self.warnings.append(found)


def read_people(header: Sequence[str], rows: Sequence[Sequence[Any]], mapping: Mapping[str, str]) -> Reading:
    """Read every row: the number of the row, then its cells."""
    reader = _Reader(header, mapping)
    for number, *cells in rows:
        reader.read(number, cells)
    return reader.reading


class _Reader:
    def __init__(self, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        at = {name: position for position, name in enumerate(header) if name}
        self.at = {column: at[name] for column, name in mapping.items() if column != ALL_ARE and name in at}
        self.role_of_all = mapping.get(ALL_ARE, "")
        self.reading = Reading()
        self.words = Words()
        self._kept: dict[tuple[str, str], tuple[Any, tuple[tuple[str, str, str], ...]]] = {}
        self._emails: dict[str, int] = {}
        self._names: dict[str, tuple[str, int]] = {}
        self._row = 0
        self._cells: list[str] = []

    def read(self, number: int, cells: list[str]) -> None:
        self._row, self._cells = number, cells
        email, name = self._email(), self._name()
        self._tell_doubles(email, name)
        is_mentor, is_mentee = self._roles()
        person = _stated(pronouns=self._text("Pronouns", 40), zone=self._one("Time zone", "zone"))
        profile = _stated(
            institution=self._text("Institution", 200),
            city=self._text("City", 120),
            country=self._one("Country", "country"),
            stage=self._one("Stage", "stage"),
            specialties=self._several("Specialties", "specialty", most=12),
            languages=self._several("Languages", "language", most=12),
        )
        windows = self._hours()
        offer = self._offer() if is_mentor else self._leave(_MENTOR_ONLY)
        request = self._request() if is_mentee else self._leave(_MENTEE_ONLY)
        if number not in self.reading.faulty_rows:
            found = ReadPerson(number, email, name, is_mentor, is_mentee, person, profile, windows, offer, request)
            self.reading.people.append(found)

    def cell(self, column: str) -> str:
        position = self.at.get(column)
        return self._cells[position] if position is not None and position < len(self._cells) else ""

    def found(self, column: str, kind: str, meant: str = "", value: str | None = None) -> Found:
        position = self.at.get(column)
        letter = column_letter(position) if position is not None else ""
        text = self.cell(column) if value is None else value
        return Found(self._row, letter, column, text[:LONGEST_SHOWN], kind, meant)

    def fault(self, column: str, kind: str, meant: str = "", value: str | None = None) -> None:
        self.reading.add_fault(self.found(column, kind, meant, value))

    def _email(self) -> str:
        text = self.cell("E-mail").removeprefix("mailto:").lower()
        if not text:
            self.fault("E-mail", "missing")
            return ""
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            self.fault("E-mail", "email")
        if len(text) > LONGEST_EMAIL:
            self.fault("E-mail", "long", str(LONGEST_EMAIL))
        return text

    def _name(self) -> str:
        name = tidy_name(self.cell("Name"))
        if not name:
            self.fault("Name", "missing")
        elif len(name) > LONGEST_NAME:
            self.fault("Name", "long", str(LONGEST_NAME))
        elif holds_link(name):
            self.fault("Name", "link")
        return name

    def _tell_doubles(self, email: str, name: str) -> None:
        """Refuse an address that is there already, and tell of a name that is: that may be somebody else."""
        first = self._emails.setdefault(email, self._row) if email else self._row
        if first != self._row:
            self.fault("E-mail", "twice", str(first))
            return
        other, row = self._names.setdefault(plain_name(name), (email, self._row)) if name else (email, 0)
        if other != email:
            self.reading.warn(self.found("Name", "same_name", str(row)))

    def _roles(self) -> tuple[bool, bool]:
        text = self.cell("Role") or self.role_of_all
        words = set(_BETWEEN_ROLES.split(fold(text))) - {""}
        if not words or words - _MENTOR_WORDS - _MENTEE_WORDS:
            self.fault("Role", "role" if text else "missing")
            return False, False
        return bool(words & _MENTOR_WORDS), bool(words & _MENTEE_WORDS)

    def _offer(self) -> dict[str, Any]:
        return _stated(
            topics=self._several("Topics offered", "topic"),
            stages_welcome=self._several("Stages welcome", "stage"),
            minutes_a_month=self._number("Minutes a month", 30, 9600),
            places=self._number("Places", 1, 50),
            about=self._text("About mentoring", 2000),
        )

    def _request(self) -> dict[str, Any]:
        return _stated(
            topics=self._several("Needs", "topic", most=3),
            specialties=self._several("Specialties of interest", "specialty", most=12),
            mentors_wanted=self._number("Mentors wanted", 1, 5),
            goal=self._text("Goal", 1000),
        )

    def _leave(self, columns: Sequence[str]) -> dict[str, Any]:
        """Say that what belongs to the other role is not read."""
        for column in columns:
            if self._row not in self.reading.faulty_rows and self.cell(column):
                self.reading.warn(self.found(column, "not_read"))
        return {}

    def _text(self, column: str, longest: int) -> str:
        text = self.cell(column)
        if len(text) > longest:
            self.fault(column, "long", str(longest))
        return text

    def _number(self, column: str, least: int, most: int) -> int | None:
        text = self.cell(column)
        if not text:
            return None
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            self.fault(column, "number", f"{least} {most}")
            return None
        return int(text)

    def _one(self, column: str, kind: str) -> str | None:
        found = self._several(column, kind, most=1)
        return found[0] if found else None

    def _several(self, column: str, kind: str, *, most: int | None = None) -> list[str]:
        found, unknown = self._remembered(kind, self.cell(column), self._look_up)
        for text, why, meant in unknown:
            self.fault(column, why, meant, text)
        if most is not None and len(found) > most:
            self.fault(column, "several" if most == 1 else "many", str(most))
        return list(found)

    def _hours(self) -> tuple[tuple[int, int, int], ...]:
        windows, wrong = self._remembered("hours", self.cell("Hours"), _look_at_hours)
        for text, why, meant in wrong:
            self.fault("Hours", why, meant, text)
        return tuple(windows)

    def _remembered(self, kind: str, text: str, look: Callable[[str, str], Any]) -> Any:
        """Cells come again and again: each text is looked up once."""
        if not text:
            return (), ()
        if (kind, text) not in self._kept:
            self._kept[kind, text] = look(kind, text)
        return self._kept[kind, text]

    def _look_up(self, kind: str, text: str) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
        whole = self.words.find(kind, text)
        if whole is not None:
            return (whole,), ()
        found: dict[str, None] = {}
        unknown = []
        for piece in _pieces(text, ";|\n"):
            for part in self._parts(kind, piece):
                key = self.words.find(kind, part)
                if key is None:
                    unknown.append((part, "unknown", self.words.nearest(kind, part)))
                else:
                    found[key] = None
        return tuple(found), tuple(unknown)

    def _parts(self, kind: str, piece: str) -> list[str]:
        """Split at commas only where the words between them are known: a name may hold one."""
        parts = _pieces(piece, ",")
        if self.words.find(kind, piece) is None and any(self.words.find(kind, part) for part in parts):
            return parts
        return [piece]


def _look_at_hours(_kind: str, text: str) -> tuple[tuple[tuple[int, int, int], ...], tuple[tuple[str, str, str], ...]]:
    try:
        return tuple((w.weekday, w.start, w.end) for w in read_hours(text)), ()
    except UnreadableHoursError as error:
        return (), ((error.part, error.kind, ""),)


def plain_name(name: str) -> str:
    """Return a name without title and capitals, by which likely doubles are known."""
    return " ".join(word for word in name.casefold().split() if word.strip(".") not in {"dr", "prof", "professor"})


def _stated(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _pieces(text: str, separators: str) -> list[str]:
    return [piece.strip() for piece in re.split(f"[{separators}]", text) if piece.strip()]
