"""What no matching with times needs: more meetings than somebody's hours hold, and pairs that share no time."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matcher.arrays import IntArray
from matcher.availability import Slot, runs
from matcher.closed_pairs import without_pairs
from matcher.columns import Bools
from matcher.diary import Booking, Template, by_person, cells_of, most_fitting
from matcher.meetings import as_bits
from matcher.overlap import find_overlap
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.settings import Settings
from matcher.weight_sources import spans

__all__ = ["close_for_free", "hour_places"]


def hour_places(
    pool: Pool, settings: Settings, booked: Iterable[Booking], capacities: tuple[IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    """
    Count the meetings that each person's hours, less what is booked, can hold at most.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    booked : iterable of Booking
    capacities : IntArray, IntArray
        For each mentor and mentee how many are of interest; no more are counted.

    Returns
    -------
    mentors, mentees : IntArray
        One number for each mentor and mentee; 0 for who has given no hours.

    Notes
    -----
    Meetings of the shortest length anyone asks for are put into a mentor's hours one after another, a mentee's into
    hers. A matching in which everyone has a time never has more, so capacities may be lowered to these.
    """
    template = Template(settings)
    bookings = by_person(booked)
    lengths = [settings.meeting_length(mentee.minutes) for mentee in pool.mentees]
    shortest = [min(lengths, default=settings.minutes)] * len(pool.mentors)
    mentors = _count(
        pool.mentors,
        pool.mentor_side.free,
        shortest,
        capacities[0],
        bookings=bookings,
        template=template,
    )
    mentees = _count(
        pool.mentees,
        pool.mentee_side.free,
        lengths,
        capacities[1],
        bookings=bookings,
        template=template,
    )
    return mentors, mentees


def close_for_free(
    pool: Pool, settings: Settings, problem: Problem, booked: Iterable[Booking], *, hours_needed: bool
) -> Problem:
    """Lower capacities to what hours hold, and close pairs that share no time: no matching with times needs more."""
    closed = [np.empty((0, 2), dtype=np.int64)]
    if not settings.hours_required:  # else the rules have closed them
        for start, stop in spans(problem.n_mentees):
            overlap = find_overlap(pool.take(mentees=slice(start, stop)), settings)
            apart = ~overlap.meets & (overlap.stated | hours_needed)
            closed.append(np.argwhere(apart) + np.array([0, start]))
    shut = _without(np.concatenate(closed), problem.pinned)
    silent = not (pool.mentor_side.free.any(axis=1).all() and pool.mentee_side.free.any(axis=1).all())
    if silent and not hours_needed:  # a pair without hours takes nobody's time
        return without_pairs(problem, shut)
    lowered = []
    capacities = problem.mentor_capacity, problem.mentee_capacity
    for side, held in enumerate(hour_places(pool, settings, booked, capacities)):
        pins = np.bincount(problem.pinned[:, side], minlength=problem.shape[side])
        # A pinned pair stays, with a time outside the hours or with none.
        lowered.append(np.minimum(capacities[side], held + pins))
    return without_pairs(problem, shut, mentor_capacity=lowered[0], mentee_capacity=lowered[1])


def _without(pairs: IntArray, others: IntArray) -> IntArray:
    """Leave out the pairs that are among others."""
    known = {tuple(pair) for pair in others.tolist()}
    return pairs[[tuple(pair) not in known for pair in pairs.tolist()]] if known else pairs


def _count(
    people: Sequence[Mentor | Mentee],
    free: Bools,
    lengths: Sequence[int],
    enough: IntArray,
    *,
    bookings: Mapping[str, list[Booking]],
    template: Template,
) -> IntArray:
    counts = np.zeros(len(people), dtype=np.int64)
    for row, person in enumerate(people):
        length = cells_of(Slot(0, 0), lengths[row])
        starts = template.repeat(as_bits(runs(free[row], lengths[row])))
        starts &= ~template.booked(person.zone, length, bookings.get(person.person, ()))
        counts[row] = most_fitting(starts, length, int(enough[row]))
    return counts
