"""Pairs of a pool as meetings to place: the starts that suit both, less what is booked, and the times that stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.availability import Slot, Window, cells, runs, shared_cells
from matcher.clock_changes import existing
from matcher.columns import stated
from matcher.diary import Booking, Template, by_person, cells_of
from matcher.placement import Meeting, Plan
from matcher.pool import Pool
from matcher.settings import Settings

__all__ = ["DAYTIME", "Layout", "find_faults", "lay_out"]

Bools = NDArray[np.bool_]

DAYTIME = (7 * 60, 21 * 60)
"""Minutes after midnight between which it is day for everybody."""


@dataclass(frozen=True)
class Layout:
    """
    The meetings of some pairs.

    Attributes
    ----------
    plan : Plan
        One meeting for each pair; its starts suit both and no booking. A pair whose slot stays has that start alone.
    suits, booked : list of int
        For each pair the starts that suit both, and those that bookings rule out.
    stated : list of bool
        Whether both have given hours.
    """

    plan: Plan
    suits: list[int]
    booked: list[int]
    stated: list[bool]

    def why_none(self, number: int) -> str:
        """Say why a pair without a start has none: a key of `matcher.timetable.NO_TIME`."""
        if not self.stated[number]:
            return "hours_not_stated"
        if not self.suits[number]:
            return "no_shared_time"
        return "clash" if self.plan.meetings[number].starts else "taken_by_bookings"


def lay_out(
    pool: Pool,
    settings: Settings,
    pairs: Sequence[tuple[int, int]],
    booked: Sequence[Booking],
    fixed: Mapping[int, Slot],
) -> Layout:
    """
    Lay out meetings for pairs.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    pairs : sequence of (int, int)
        Mentor and mentee, as positions in the pool.
    booked : sequence of Booking
    fixed : mapping of int to Slot
        Pairs, by their place in `pairs`, whose slot stays.
    """
    template = Template(settings)
    meetings = _meetings(pool, settings, pairs, template)
    suits = [meeting.starts for meeting in meetings]
    for number, slot in fixed.items():
        length = settings.meeting_length(pool.mentees[pairs[number][1]].minutes)
        meetings[number] = replace(meetings[number], cells=cells_of(slot, length), starts=1 << template.start_of(slot))
    of_person = by_person(booked)
    ruled_out = [
        template.booked(
            meeting.zone,
            meeting.cells,
            [b for person in dict.fromkeys(meeting.persons) for b in of_person.get(person, ())],
        )
        for meeting in meetings
    ]
    for number, out in enumerate(ruled_out):
        if out and number not in fixed:
            meetings[number] = replace(meetings[number], starts=meetings[number].starts & ~out)
    given = stated(pool.mentor_side.free), stated(pool.mentee_side.free)
    return Layout(
        plan=Plan(template, meetings),
        suits=suits,
        booked=ruled_out,
        stated=[bool(given[0][mentor] and given[1][mentee]) for mentor, mentee in pairs],
    )


def find_faults(layout: Layout, fixed: Mapping[int, Slot], names: Sequence[str]) -> list[str]:
    """Say which times that stay clash with each other or with a booking."""
    plan, template = layout.plan, layout.plan.template
    faults = []
    for number, slot in fixed.items():
        start = template.start_of(slot)
        if layout.booked[number] >> start & 1:
            faults.append(f"{names[number]} is to stay at {slot}, when one of them has another meeting")
        for other in plan.beside[number]:
            if number < other and other in fixed and plan.blocked(other, number, start) & plan.meetings[other].starts:
                faults.append(
                    f"{names[number]} is to stay at {slot} and {names[other]} at {fixed[other]}, "
                    "and somebody would be in both"
                )
    return faults


def _meetings(pool: Pool, settings: Settings, pairs: Sequence[tuple[int, int]], template: Template) -> list[Meeting]:
    """Make a meeting of each pair; pairs of the same zones and length together, which is quicker."""
    groups: dict[tuple[int, int, int], list[int]] = {}
    for number, (mentor, mentee) in enumerate(pairs):
        length = settings.meeting_length(pool.mentees[mentee].minutes)
        zones = int(pool.mentor_side.zones[mentor]), int(pool.mentee_side.zones[mentee])
        groups.setdefault((*zones, length), []).append(number)
    found: dict[int, Meeting] = {}
    for (zone, other, length), numbers in groups.items():
        name = pool.zones[zone]
        ahead = template.ahead(name, pool.zones[other])
        mentors, mentees = ([pairs[number][side] for number in numbers] for side in (0, 1))
        free = tuple(
            existing(side.free[people], place, settings.starts_on, settings.ends_on)
            for side, people, place in (
                (pool.mentor_side, mentors, name),
                (pool.mentee_side, mentees, pool.zones[other]),
            )
        )
        shared = shared_cells(free[0], free[1], ahead)
        day = daytime(template, ahead, length)
        for number, starts in zip(numbers, runs(shared, length), strict=True):
            mine, theirs = pool.mentors[pairs[number][0]], pool.mentees[pairs[number][1]]
            found[number] = Meeting(
                persons=(mine.person, theirs.person),
                zone=name,
                cells=cells_of(Slot(0, 0), length),
                starts=template.repeat(as_bits(starts)),
                daytime=day,
            )
    return [found[number] for number in range(len(pairs))]


def daytime(template: Template, ahead: Sequence[int], length: int) -> int:
    """Mark the starts of meetings of so many minutes that are in daytime on both clocks."""
    return template.repeat(as_bits(runs(shared_cells(_DAY_CELLS, _DAY_CELLS, ahead), length)))


def as_bits(marked: Bools) -> int:
    """Turn marks into a set of bits: the first mark is bit 0."""
    return int.from_bytes(np.packbits(marked, bitorder="little").tobytes(), "little")


_DAY_CELLS = cells(Window(day, *DAYTIME) for day in range(7))
