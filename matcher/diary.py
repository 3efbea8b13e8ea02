"""The template that meetings repeat in: a circle of quarters of an hour, as bits, and what is booked in it already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from matcher.availability import CELL, CELLS, DAY, Slot, shifts
from matcher.settings import CADENCES, Settings

__all__ = ["Booking", "Template", "bits", "by_person", "cells_of", "first_bit", "most_fitting"]

WEEKS = 4


@dataclass(frozen=True)
class Booking:
    """
    A meeting that runs already, in this programme or another.

    Attributes
    ----------
    person : str
        Who is busy, as in `matcher.pool.Mentor.person`.
    zone : str
        The zone whose clock the meeting keeps.
    slot : Slot
        Its time on that clock; weeks are counted from any one Monday that all meetings share.
    length : int
        Minutes.
    cadence : str
        A key of `matcher.settings.CADENCES`; "weekly" is safe where the week is not known.
    """

    person: str
    zone: str
    slot: Slot
    length: int
    cadence: str = "weekly"

    def __post_init__(self) -> None:
        """Refuse what is not a meeting."""
        if self.cadence not in CADENCES:
            raise ValueError(f"cadence must be one of {', '.join(CADENCES)}, not {self.cadence!r}")
        if not self.slot.is_a_time:
            raise ValueError(f"not a time of a week: day {self.slot.weekday}, minute {self.slot.start}")
        if not 1 <= self.length <= DAY:
            raise ValueError(f"a meeting takes 1 to {DAY} minutes, not {self.length}")


@dataclass(frozen=True)
class Template:
    """
    The weeks after which all meetings of a programme repeat, on the clock of some zone.

    A set of cells or of starts is an int: bit `n` stands for the `n`-th quarter of an hour from Monday 00:00 of the
    first week. The template is a circle, so that Sunday's last cell comes before Monday's first.

    Attributes
    ----------
    settings : Settings
        Cadence and dates.

    Examples
    --------
    >>> template = Template(Settings(cadence="weekly"))
    >>> template.size, bits(template.rotate(0b101, template.size - 1))
    (672, [1, 671])
    """

    settings: Settings

    @cached_property
    def weeks(self) -> int:
        """Every how many weeks a pair meets."""
        return CADENCES[self.settings.cadence][0]

    @cached_property
    def size(self) -> int:
        """Number of cells."""
        return self.weeks * CELLS

    @cached_property
    def full(self) -> int:
        """All cells."""
        return (1 << self.size) - 1

    def rotate(self, cells: int, by: int) -> int:
        """Move a set of cells later; what leaves at the end comes in at the beginning."""
        by %= self.size
        return ((cells << by) | (cells >> (self.size - by))) & self.full

    def repeat(self, week: int) -> int:
        """Repeat a set of cells of one week in every week of the template."""
        return sum(week << CELLS * number for number in range(self.weeks))

    def start_of(self, slot: Slot) -> int:
        """Give the cell in which a slot begins; its week is taken within the template."""
        return (slot.week * CELLS + (slot.weekday * DAY + slot.start) // CELL) % self.size

    def slot_at(self, start: int) -> Slot:
        """Give the slot that begins with a cell."""
        week, cell = divmod(start, CELLS)
        weekday, minute = divmod(cell * CELL, DAY)
        return Slot(weekday, minute, week)

    def ahead(self, zone: str, other: str) -> tuple[int, ...]:
        """List, over all clock regimes, by how many cells the other clock is ahead."""
        return shifts(zone, other, self.settings.starts_on, self.settings.ends_on)

    def ruled_out(self, length: int, by: int, ahead: Iterable[int]) -> int:
        """
        Mark the starts that a meeting at cell 0 rules out for another of the same person.

        Parameters
        ----------
        length : int
            Cells of the meeting that is to be placed.
        by : int
            Cells of the meeting that begins at cell 0 of its own clock.
        ahead : iterable of int
            By how many cells the clock of the first is ahead of that of the second, for each regime.
        """
        span = (1 << min(length + by - 1, self.size)) - 1
        out = 0
        for shift in ahead:
            out |= self.rotate(span, shift - length + 1)
        return out

    def booked(self, zone: str, length: int, bookings: Iterable[Booking]) -> int:
        """Mark the starts, on the clock of a zone, that bookings rule out for a meeting of so many cells."""
        out = 0
        for booking in bookings:
            taken = cells_of(booking.slot, booking.length)
            first = self.ruled_out(length, taken, self.ahead(booking.zone, zone))
            every = CADENCES[booking.cadence][0]
            for week in range(0, WEEKS, every):
                out |= self.rotate(first, self.start_of(booking.slot) + week * CELLS)
        return out


def cells_of(slot: Slot, length: int) -> int:
    """Count the cells a meeting touches; one that begins inside a cell may touch one more."""
    return -(-(slot.start % CELL + length) // CELL)


def by_person(booked: Iterable[Booking]) -> Mapping[str, list[Booking]]:
    """Group bookings by who is busy."""
    found: dict[str, list[Booking]] = {}
    for booking in booked:
        found.setdefault(booking.person, []).append(booking)
    return found


def bits(cells: int) -> list[int]:
    """List the positions of a set, the smallest first."""
    found = []
    while cells:
        found.append(first_bit(cells))
        cells &= cells - 1
    return found


def first_bit(cells: int) -> int:
    """Return the smallest position of a set that is not empty."""
    return (cells & -cells).bit_length() - 1


def most_fitting(starts: int, length: int, enough: int) -> int:
    """
    Count the meetings of so many cells that fit one after another, up to `enough`.

    Notes
    -----
    Each takes the first start that is left. As the last may reach into the first over the end of the template, the
    count is at least what the circle holds.

    Examples
    --------
    >>> most_fitting(0b10111, 2, 9)
    3
    """
    count = 0
    while starts and count < enough:
        starts >>= first_bit(starts) + length
        count += 1
    return count
