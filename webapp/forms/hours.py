"""The hours of a week: ticked in a grid or typed as ranges, in one's own zone."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import DataRequired

from webapp.forms.picking import GroupedSelect
from webapp.services.vocabulary import zone_groups
from webapp.services.week import (
    CELL,
    DAY,
    DAYS,
    Fault,
    Window,
    cells_of,
    clock,
    copy_day,
    key_of,
    merge,
    not_on_the_grid,
    parse_ranges,
    read_week,
    rows_typed,
    windows_of,
    write_week,
)

DAY_NAMES = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
DAY_SHORT = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
# Name, first and last hour, and behind which button it lies; the outer hours lie open.
PARTS = (
    (_l("Night"), 0, 6, "night"),
    (_l("Before work"), 6, 8, ""),
    (_l("Morning"), 8, 12, "day"),
    (_l("Midday"), 12, 13, ""),
    (_l("Afternoon"), 13, 17, "day"),
    (_l("Evening"), 17, 21, ""),
    (_l("Late evening"), 21, 24, "night"),
)
CHANGES = {"all", "copy", "clear", "undo"}  # buttons that change the hours on the page
BUTTONS = CHANGES | {"reveal", "add", "day", "look"}  # and those that only show more of it
MOST_UNDONE = 10  # changes, where a browser runs no script
MOST_RANGES = 3  # a day that the form offers; what is there already is shown whole


@dataclass(frozen=True)
class Cell:
    key: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Line:
    time: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    name: str
    hours: str
    behind: str  # the button that shows it, or none
    hidden: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Day:
    key: str
    short: str
    name: str
    ranges: tuple[tuple[str, str], ...]
    may_add: bool


@dataclass(frozen=True)
class Problem:
    anchor: str
    text: str


class HoursForm(FlaskForm):
    """The week as the page shows it: `keys` for the grid, `days` for the ranges; both from what was sent, or saved."""

    zone = GroupedSelect(
        _l("Your time zone"),
        zone_groups,
        empty=_l("Choose a city"),
        validators=[DataRequired(_l("Choose the city whose clock you live by."))],
    )

    elsewhere = GroupedSelect(_l("Look at it from"), zone_groups, empty=_l("Choose a city"), validate_choice=False)

    def __init__(self, saved: Iterable[Window], *, as_ranges: bool, zone: str, by_day: bool = False) -> None:
        super().__init__(zone=zone)
        self.by_day = by_day
        self.saved = merge(saved)
        self.as_ranges = as_ranges
        self.faults: tuple[Fault, ...] = ()
        self.is_empty = False
        self.shown = {*request.form.getlist("show"), request.form.get("reveal", "")} & {"day", "night"}
        sent = self.is_submitted()
        self.windows = self._sent() if sent else self.saved
        self.was = request.form.getlist("was")[-MOST_UNDONE:] if sent else []
        self.is_rewritten = self.lacks_target = False
        self.day = self._day()
        self.keys = set(cells_of(self.windows))
        if sent:
            self._press()
            self.keys = set(cells_of(self.windows))

    @property
    def is_save(self) -> bool:
        """Whether the form was sent to be kept, not by one of the buttons that only change the page."""
        return self.is_submitted() and not BUTTONS & set(request.form)

    def validate_week(self) -> bool:
        """Whether the week can be kept; otherwise `problems` says what to write instead."""
        valid = self.validate()
        if self.as_ranges:
            self.faults = parse_ranges(request.form).faults
        self.is_empty = not self.windows and not self.faults
        return valid and not self.faults and not self.is_empty

    @property
    def problems(self) -> list[Problem]:
        problems = [Problem(f"{DAYS[f.weekday]}{f.row}a", _in_words(f)) for f in self.faults]
        if self.is_empty:
            problems.append(Problem("week", _("Give at least one half hour, or we cannot propose a time to meet.")))
        if self.lacks_target:
            problems.append(Problem("copy", _("Tick the days that the hours are to be copied to.")))
        problems += [Problem("zone", str(error)) for error in self.zone.errors]
        return problems

    @property
    def faulty(self) -> dict[str, str]:
        """What is wrong, by the id of the range's first field."""
        return {f"{DAYS[f.weekday]}{f.row}a": _in_words(f) for f in self.faults}

    @property
    def parts(self) -> list[Part]:
        """The grid from top to bottom; a part with ticks in it is never hidden."""
        parts = []
        for name, first, last, behind in PARTS:
            lines = tuple(self._line(minute) for minute in range(first * 60, last * 60, CELL))
            ticked = any(cell.checked for line in lines for cell in line.cells)
            hidden = bool(behind) and behind not in self.shown and not ticked
            parts.append(Part(str(name), f"{clock(first * 60)} – {clock(last * 60)}", behind, hidden, lines))
        return parts

    @property
    def days(self) -> list[Day]:
        adding = request.form.get("add", "")
        days = []
        for number, key in enumerate(DAYS):
            rows = self._rows(number)
            if adding == key and len(rows) < MOST_RANGES:
                rows.append(("", ""))
            name, short = str(DAY_NAMES[number]), str(DAY_SHORT[number])
            days.append(Day(key, short, name, tuple(rows), may_add=len(rows) < MOST_RANGES))
        return days

    @property
    def rounded(self) -> list[str]:
        """The stretches that the half hours of the grid would cut short."""
        if self.as_ranges:
            return []
        return [f"{DAY_NAMES[w.weekday]} {clock(w.start)} – {clock(w.end)}" for w in not_on_the_grid(self.saved)]

    def _sent(self) -> tuple[Window, ...]:
        if self.as_ranges:
            return parse_ranges(request.form).windows
        return windows_of(request.form.getlist("h"))

    def _rows(self, weekday: int) -> list[tuple[str, str]]:
        if self.is_submitted() and self.as_ranges and not self.is_rewritten:
            return rows_typed(request.form, weekday)
        return [(clock(w.start), clock(w.end)) for w in self.windows if w.weekday == weekday]

    def _day(self) -> str:
        """Return the day that is shown where one is at a time."""
        named = [request.form.get("day"), request.form.get("shown_day"), request.args.get("day")]
        return next((day for day in named if day in DAYS), DAYS[0])

    def _press(self) -> None:
        """Do what a button asks that only changes the page; what stood before can be had back."""
        if self.as_ranges and CHANGES & set(request.form):
            self.faults = parse_ranges(request.form).faults
            if self.faults:
                return  # nothing that was typed may get lost
        before = self.windows
        if "undo" in request.form and self.was:
            self.windows, self.is_rewritten = read_week(self.was.pop()), True
            return
        if "clear" in request.form:
            self.windows = ()
        elif "copy" in request.form:
            self._copy()
        elif not self.as_ranges:
            self._tick_all(request.form.get("all", ""))
        if self.windows != before:
            self.was, self.is_rewritten = [*self.was, write_week(before)][-MOST_UNDONE:], True

    @property
    def copied_from(self) -> str:
        """The day that is offered to be copied: the one shown, or the first that has hours."""
        first = next((DAYS[w.weekday] for w in self.windows), DAYS[0])
        return self.day if self.by_day else request.form.get("copy_from", first)

    def _copy(self) -> None:
        source = request.form.get("copy_from", "")
        targets = [DAYS.index(day) for day in request.form.getlist("copy_to") if day in DAYS and day != source]
        self.lacks_target = source not in DAYS or not targets
        if not self.lacks_target:
            self.windows = copy_day(self.windows, DAYS.index(source), targets)

    def _tick_all(self, day: str) -> None:
        """Tick every half hour of a day that the page shows, or clear them when all were ticked."""
        if day not in DAYS:
            return
        weekday = DAYS.index(day)
        keys = {
            key_of(weekday, minute)
            for part in self.parts
            if not part.hidden
            for minute in (_minute(line.time) for line in part.lines)
        }
        self.windows = windows_of(self.keys - keys if keys <= self.keys else self.keys | keys)

    def _line(self, minute: int) -> Line:
        cells = []
        for weekday in range(7):
            key = key_of(weekday, minute)
            label = _(
                "%(day)s %(start)s to %(end)s",
                day=DAY_NAMES[weekday],
                start=clock(minute),
                end=clock(minute + CELL),
            )
            cells.append(Cell(key, label, key in self.keys))
        return Line(clock(minute), tuple(cells))


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _in_words(fault: Fault) -> str:
    day = DAY_NAMES[fault.weekday]
    if fault.kind == "midnight":
        tomorrow = DAY_NAMES[(fault.weekday + 1) % 7]
        return _(
            "%(day)s: %(start)s to %(end)s goes past midnight. Write %(start)s to 24:00 on %(day)s and 00:00 to "
            "%(end)s on %(tomorrow)s.",
            day=day,
            tomorrow=tomorrow,
            start=clock(fault.start % DAY),
            end=clock(fault.end),
        )
    return {
        "half": _("%(day)s: one end of the range is missing. Write both, or neither.", day=day),
        "unreadable": _("%(day)s: this is not a time of day. Write it like 17:00.", day=day),
        "empty": _("%(day)s: the range begins and ends at the same time. Write a later end.", day=day),
        "step": _("%(day)s: write quarters of an hour, such as 17:15 or 17:30.", day=day),
    }[fault.kind]
