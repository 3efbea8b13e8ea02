"""Mentors and mentees from CSV and XLSX files, with every fault by row and column."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from matcher.availability import check_zone
from matcher.hours import HoursError, parse_hours
from matcher.languages import find_language
from matcher.people import Exclusion, Interest, Mentee, Mentor, Ties
from matcher.people_columns import MENTEE_COLUMNS, MENTOR_COLUMNS, Column, read_header
from matcher.tables import Fault, Row, TableError, column_letter, read_table
from matcher.taxonomy import Kind, Taxonomy, UnknownNameError

__all__ = ["People", "read_people", "template_rows"]

Side = Literal["mentor", "mentee"]

_YES = {"yes", "y", "true", "1", "x"}
_NO = {"no", "n", "false", "0"}


@dataclass(frozen=True)
class People:
    """
    What two files hold.

    Attributes
    ----------
    mentors, mentees : tuple
    mentor_names, mentee_names : dict of str to str
        The name to show for each key.
    ties : Ties
        Favourites and those not to be matched.
    """

    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    mentor_names: Mapping[str, str]
    mentee_names: Mapping[str, str]
    ties: Ties


@dataclass
class _Sheet:
    """One file while it is read."""

    side: Side
    file: str
    taxonomy: Taxonomy
    faults: list[Fault] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[Row, dict[str, str]]] = field(default_factory=list)

    def fault(self, row: Row, column: str, message: str) -> None:
        self.faults.append(Fault(self.file, row.number, self.letters.get(column), message))


def read_people(mentors: Path, mentees: Path, taxonomy: Taxonomy) -> People:
    """
    Read both files.

    Raises
    ------
    TableError
        With every fault of both.
    """
    sheets = [_open(mentors, "mentor", MENTOR_COLUMNS, taxonomy), _open(mentees, "mentee", MENTEE_COLUMNS, taxonomy)]
    values = [[_person(sheet, row, cells) for row, cells in sheet.rows] for sheet in sheets]
    keys = [[value["key"] for value in side] for side in values]
    for sheet, side in zip(sheets, keys, strict=True):
        _check_keys(sheet, side)
    handles = [_handles(sheet, side) for sheet, side in zip(sheets, keys, strict=True)]
    interests: list[Interest] = []
    exclusions: list[Exclusion] = []
    for number, sheet in enumerate(sheets):
        for (row, cells), key in zip(sheet.rows, keys[number], strict=True):
            for rank, other in enumerate(_others(sheet, row, cells, "favourites", handles[1 - number])):
                mentor, mentee = (key, other) if sheet.side == "mentor" else (other, key)
                interests.append(Interest(mentor, mentee, sheet.side, rank))
            for other in _others(sheet, row, cells, "not_with", handles[1 - number]):
                exclusions.append(Exclusion(*((key, other) if sheet.side == "mentor" else (other, key))))
    faults = sheets[0].faults + sheets[1].faults
    if faults:
        raise TableError(sorted(faults, key=_reading_order))
    names = [
        {key: cells.get("name") or key for key, (_, cells) in zip(keys[number], sheet.rows, strict=True)}
        for number, sheet in enumerate(sheets)
    ]
    return People(
        tuple(Mentor(**value) for value in values[0]),
        tuple(Mentee(**value) for value in values[1]),
        names[0],
        names[1],
        Ties(tuple(interests), tuple(exclusions)),
    )


def _reading_order(fault: Fault) -> tuple[str, int, int, str]:
    column = fault.column or ""
    return fault.file, fault.row or 0, len(column), column


def template_rows(columns: Sequence[Column]) -> list[list[str]]:
    """Give the rows of an empty file with one example."""
    return [[column.name for column in columns], [column.example for column in columns]]


def _open(path: Path, side: Side, columns: Sequence[Column], taxonomy: Taxonomy) -> _Sheet:
    sheet = _Sheet(side, path.name, taxonomy)
    try:
        header, *rows = read_table(path)
    except TableError as error:
        sheet.faults += error.faults
        return sheet
    names, faults = read_header(path.name, header, columns)
    sheet.faults += faults
    sheet.letters = {name: column_letter(position) for position, name in names.items()}
    for row in rows:
        if len(row.cells) != len(header.cells):
            message = f"has {len(row.cells)} cells where the first row has {len(header.cells)}"
            sheet.faults.append(
                Fault(path.name, row.number, None, f"{message}: put texts with commas in quotation marks")
            )
        elif names:
            sheet.rows.append((row, {name: row.cells[position] for position, name in names.items()}))
    if not rows:
        sheet.faults.append(Fault(path.name, None, None, f"there is no {side} under the first row"))
    return sheet


def _person(sheet: _Sheet, row: Row, cells: Mapping[str, str]) -> dict[str, Any]:
    email = cells.get("email", "").casefold()
    key = cells.get("id") or email or cells.get("name", "")
    if not key and sheet.letters.keys() & {"id", "email", "name"}:
        sheet.fault(row, "name", "an id, an email or a name is missing")
    values: dict[str, Any] = {
        "key": key,
        "person": email or key,
        "zone": _zone(sheet, row, cells),
        "stage": next(iter(_names(sheet, row, cells, "stage", "stage", most=1)), None),
        "specialties": _names(sheet, row, cells, "specialties", "specialty"),
        "topics": _names(sheet, row, cells, "topics", "topic"),
        "languages": tuple(dict.fromkeys(find_language(text) for text in _pieces(cells.get("languages", ""), ",;"))),
        "windows": _hours(sheet, row, cells),
        "background": tuple(text.casefold() for text in _pieces(cells.get("background", ""))),
    }
    if sheet.side == "mentor":
        values["stages_welcome"] = _names(sheet, row, cells, "stages_welcome", "stage")
        values["minutes"] = _whole(sheet, row, cells, "minutes", 60)
        values["places"] = _whole(sheet, row, cells, "places", 1)
        values["paused"] = _yes(sheet, row, cells, "paused")
        values["approved_for_students"] = _yes(sheet, row, cells, "approved_for_students")
    else:
        values["wanted"] = _whole(sheet, row, cells, "wanted", 1)
        values["minutes"] = _whole(sheet, row, cells, "minutes", None, least=1)
        values["priority"] = _number(sheet, row, cells, "priority")
    return values


def _zone(sheet: _Sheet, row: Row, cells: Mapping[str, str]) -> str:
    zone = cells.get("zone", "")
    if zone:
        wrong = check_zone(zone)
        if wrong:
            sheet.fault(row, "zone", wrong)
    elif cells.get("hours"):
        sheet.fault(row, "zone", "hours need a time zone: write one such as Europe/London")
    return zone or "UTC"


def _hours(sheet: _Sheet, row: Row, cells: Mapping[str, str]) -> tuple[Any, ...]:
    found: list[Any] = []
    for part in _pieces(cells.get("hours", "")):
        try:
            found += parse_hours(part)
        except HoursError as error:
            sheet.fault(row, "hours", str(error))
    return tuple(sorted(set(found)))


def _names(
    sheet: _Sheet, row: Row, cells: Mapping[str, str], column: str, kind: Kind, *, most: int | None = None
) -> tuple[str, ...]:
    found: list[str] = []
    for text in _pieces(cells.get(column, "")):
        try:
            found += _find(sheet.taxonomy, kind, text)
        except UnknownNameError as error:
            sheet.fault(row, column, str(error))
    if most is not None and len(found) > most:
        sheet.fault(row, column, f"holds {len(found)} answers: write one")
    return tuple(dict.fromkeys(found))


def _find(taxonomy: Taxonomy, kind: Kind, text: str) -> list[str]:
    """Find a name; a text that is none as a whole may be several with commas between them."""
    try:
        return [taxonomy.find(kind, text)]
    except UnknownNameError:
        pieces = _pieces(text, ",")
        if len(pieces) < 2:
            raise
        return [taxonomy.find(kind, piece) for piece in pieces]


def _pieces(text: str, separators: str = ";|") -> list[str]:
    return [piece.strip() for piece in re.split(f"[{separators}\n]", text) if piece.strip()]


def _whole(
    sheet: _Sheet, row: Row, cells: Mapping[str, str], column: str, default: int | None, *, least: int = 0
) -> int | None:
    text = cells.get(column, "")
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < least:
        sheet.fault(row, column, f"{text!r} is not a whole number of at least {least}")
        return default
    return int(text)


def _number(sheet: _Sheet, row: Row, cells: Mapping[str, str], column: str) -> float:
    text = cells.get(column, "") or "0"
    if not re.fullmatch(r"\d{1,9}(\.\d{1,12})?", text, re.ASCII):
        sheet.fault(row, column, f"{text!r} is not a number of at least 0, with a decimal point if any")
        return 0.0
    return float(text)


def _yes(sheet: _Sheet, row: Row, cells: Mapping[str, str], column: str) -> bool:
    text = cells.get(column, "").casefold()
    if text and text not in _YES | _NO:
        sheet.fault(row, column, f"{text!r}: write yes or no")
    return text in _YES


def _check_keys(sheet: _Sheet, keys: Sequence[str]) -> None:
    counts = Counter(key for key in keys if key)
    for (row, cells), key in zip(sheet.rows, keys, strict=True):
        if counts[key] > 1:
            column = next(name for name in ("id", "email", "name") if cells.get(name))
            sheet.fault(row, column, f"{key!r} is there {counts[key]} times: give each {sheet.side} an id or email")


def _handles(sheet: _Sheet, keys: Sequence[str]) -> dict[str, str]:
    """Find a key by id, email or name; a name that several have finds none of them."""
    handles: dict[str, str] = {}
    names = Counter(cells.get("name", "").casefold() for _, cells in sheet.rows)
    for (_, cells), key in zip(sheet.rows, keys, strict=True):
        name = cells.get("name", "").casefold()
        if names[name] == 1:
            handles.setdefault(name, key)
    for (_, cells), key in zip(sheet.rows, keys, strict=True):
        for text in (cells.get("email", "").casefold(), key.casefold()):
            handles[text] = key
    return handles


def _others(sheet: _Sheet, row: Row, cells: Mapping[str, str], column: str, handles: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for text in _pieces(cells.get(column, "")):
        key = handles.get(text.casefold())
        if key is None:
            other = "mentees" if sheet.side == "mentor" else "mentors"
            sheet.fault(row, column, f"{text!r} is not among the {other}: write an id, an email or a name that one has")
        else:
            found.append(key)
    return list(dict.fromkeys(found))
