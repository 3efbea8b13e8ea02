"""Pairs with their answers from CSV and XLSX files, with every fault by row and column."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.availability import WEEKDAYS, Slot, check_zone
from matcher.people_file import People
from matcher.tables import Fault, Row, TableError, column_letter, read_table

__all__ = ["ANSWERS", "Answers", "read_answers"]

Pair = tuple[int, int]

ANSWERS = ("accepted", "declined", "open")
"""What the column `answer` holds; an empty cell means open."""

_TIME = re.compile(rf"({'|'.join(WEEKDAYS)}) ([01]\d|2[0-3]):([0-5]\d) (\S+)")


@dataclass(frozen=True)
class Answers:
    """
    What was answered.

    Attributes
    ----------
    accepted, declined, open_offers : list of (int, int)
        Mentor and mentee, as positions among the people.
    slots : dict of (int, int) to (Slot, str)
        The time of each pair that has one, with its zone.
    """

    accepted: list[Pair]
    declined: list[Pair]
    open_offers: list[Pair]
    slots: Mapping[Pair, tuple[Slot, str]]


@dataclass
class _Sheet:
    """One file while it is read: its rows by pair, in their order."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    rows: dict[Pair, tuple[Row, dict[str, str]]] = field(default_factory=dict)

    def fault(self, row: Row, column: str, message: str) -> None:
        self.faults.append(Fault(self.file, row.number, self.letters.get(column), message))


def read_answers(pairs: Path, answers: Path | None, people: People | None) -> Answers:
    """
    Read pairs and what was answered.

    Parameters
    ----------
    pairs : Path
        The columns `mentor` and `mentee`, as `mosaic match` writes them; `answer`, and the times `mentor_time` and
        `week`, if they are there; others are not looked at.
    answers : Path or None
        The columns `mentor`, `mentee` and `answer`; they count before those in `pairs`. Pairs that were declined
        earlier may stand here too.
    people : People or None
        Who is there; None if that cannot be told, and then nobody is looked up.

    Raises
    ------
    TableError
        With every fault of both files.
    """
    asked = _read(pairs, people, needed=("mentor", "mentee"))
    told = _Sheet("") if answers is None else _read(answers, people, needed=("mentor", "mentee", "answer"))
    found = {pair: _answer(asked, row, cells) for pair, (row, cells) in asked.rows.items()}
    slots = {pair: _slot(asked, row, cells) for pair, (row, cells) in asked.rows.items()}
    for pair, (row, cells) in told.rows.items():
        answer = _answer(told, row, cells)
        if pair not in found and answer != "declined":
            told.fault(row, "mentee", f"{cells['mentor']} and {cells['mentee']} are no pair of {asked.file}")
        found[pair] = answer
    if faults := asked.faults + told.faults:
        raise TableError(
            sorted(faults, key=lambda fault: (fault.file != pairs.name, fault.row or 0, fault.column or ""))
        )
    by_answer = {name: [pair for pair, answer in found.items() if answer == name] for name in ANSWERS}
    return Answers(
        accepted=by_answer["accepted"],
        declined=by_answer["declined"],
        open_offers=by_answer["open"],
        slots={pair: slot for pair, slot in slots.items() if slot is not None},
    )


def _read(path: Path, people: People | None, *, needed: Sequence[str]) -> _Sheet:
    sheet = _Sheet(path.name)
    try:
        header, *rows = read_table(path)
    except TableError as error:
        sheet.faults += error.faults
        return sheet
    names = [cell.casefold() for cell in header.cells]
    for name in needed:
        if names.count(name) != 1:
            count = "is missing" if name not in names else f"is there {names.count(name)} times: keep one"
            sheet.faults.append(Fault(path.name, header.number, None, f"the column {name} {count}"))
    if sheet.faults:
        return sheet
    sheet.letters = {name: column_letter(position) for position, name in enumerate(names)}
    table = [(row, dict(zip(names, row.cells, strict=True))) for row in _of_one_length(sheet, rows, len(names))]
    keys = {
        "mentor": [cells["mentor"] for _, cells in table] if people is None else [m.key for m in people.mentors],
        "mentee": [cells["mentee"] for _, cells in table] if people is None else [m.key for m in people.mentees],
    }
    positions = {side: {key: number for number, key in enumerate(known)} for side, known in keys.items()}
    for row, cells in table:
        mentor, mentee = (_position(sheet, row, side, cells[side], known) for side, known in positions.items())
        if mentor is None or mentee is None:
            continue
        if (mentor, mentee) in sheet.rows:
            first = sheet.rows[mentor, mentee][0].number
            sheet.fault(row, "mentee", f"{cells['mentor']} and {cells['mentee']} stand in row {first} already")
        else:
            sheet.rows[mentor, mentee] = row, cells
    return sheet


def _of_one_length(sheet: _Sheet, rows: Sequence[Row], length: int) -> list[Row]:
    for row in rows:
        if len(row.cells) != length:
            message = f"has {len(row.cells)} cells where the first row has {length}"
            sheet.faults.append(Fault(sheet.file, row.number, None, message))
    return [row for row in rows if len(row.cells) == length]


def _position(sheet: _Sheet, row: Row, side: str, key: str, known: Mapping[str, int]) -> int | None:
    if key not in known:
        close = difflib.get_close_matches(key, known, n=1)
        sheet.fault(row, side, f"there is no {side} {key!r}" + (f"; did you mean {close[0]}?" if close else ""))
    return known.get(key)


def _answer(sheet: _Sheet, row: Row, cells: Mapping[str, str]) -> str:
    answer = cells.get("answer", "").casefold() or "open"
    if answer not in ANSWERS:
        sheet.fault(row, "answer", f"{cells['answer']!r}: write accepted, declined or open; an empty cell means open")
    return answer


def _slot(sheet: _Sheet, row: Row, cells: Mapping[str, str]) -> tuple[Slot, str] | None:
    time, week = cells.get("mentor_time", ""), cells.get("week", "") or "1"
    if not time:
        return None
    found = _TIME.fullmatch(time)
    if not found:
        sheet.fault(row, "mentor_time", f"{time!r}: write a time such as Mon 17:00 Europe/London, or leave it empty")
        return None
    if week not in {"1", "2", "3", "4"}:
        sheet.fault(row, "week", f"{week!r}: write a week from 1 to 4")
        return None
    weekday, hours, minutes, zone = found.groups()
    if wrong := check_zone(zone):
        sheet.fault(row, "mentor_time", wrong)
        return None
    return Slot(WEEKDAYS.index(weekday), 60 * int(hours) + int(minutes), int(week) - 1), zone
