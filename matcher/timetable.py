"""A time for every pair at once, so that nobody is twice in a meeting, and proof where that cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from types import MappingProxyType

from matcher.availability import Slot
from matcher.diary import Booking
from matcher.errors import InvalidTimesError
from matcher.meetings import Layout, find_faults, lay_out
from matcher.placement import Plan, Starts, place_greedily, settle
from matcher.placement_search import place_most
from matcher.pool import Pool
from matcher.settings import Settings
from matcher.unplaceable import find_unplaceable

__all__ = ["NO_TIME", "Booking", "Timetable", "Unplaced", "schedule"]

NO_TIME: Mapping[str, str] = MappingProxyType(
    {
        "hours_not_stated": "One of the two has not said when she is free.",
        "no_shared_time": "The two share no free time that is long enough for a meeting all year.",
        "taken_by_bookings": "Other meetings take all the time the two share.",
        "clash_one": "The two and another pair cannot both meet: they need the same times.",
        "clash": "The two and {count} other pairs cannot all meet: they need the same times.",
        "out_of_time": "No time was found for the two before the search had to end; there may be one.",
    }
)
"""The English sentence for each code ("clash_one": beside one pair); `count` is the number of `Unplaced.beside`."""


@dataclass(frozen=True)
class Unplaced:
    """
    A pair without a time, and why.

    Attributes
    ----------
    pair : tuple of int
        Mentor and mentee, as positions in the pool.
    beside : tuple of (int, int)
        Pairs that leave it no time wherever they are put, and would if any one of them were gone: the smallest
        such set found. Empty where the pair has no time by itself, and with "out_of_time".
    code : str
        A key of `NO_TIME`.
    """

    pair: tuple[int, int]
    beside: tuple[tuple[int, int], ...]
    code: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        count = len(self.beside)
        return NO_TIME["clash_one" if self.code == "clash" and count == 1 else self.code].format(count=count)


@dataclass(frozen=True)
class Timetable:
    """
    Times for pairs.

    Attributes
    ----------
    slots : tuple of Slot or None
        In the order of the pairs. A pair meets on the clock of the mentor's zone in the week of the slot, and again
        after 1, 2 or 4 weeks by the cadence. Weeks are counted from any one Monday that all meetings share.
    unplaced : tuple of Unplaced
        The pairs that have None, in order.
    proved : bool
        Whether each unplaced pair is proved to have no time beside those placed, whatever moves.
    """

    slots: tuple[Slot | None, ...]
    unplaced: tuple[Unplaced, ...]
    proved: bool


def schedule(
    pool: Pool,
    settings: Settings,
    pairs: Iterable[Sequence[int]],
    *,
    booked: Iterable[Booking] = (),
    fixed: Mapping[int, Slot] | None = None,
    time_limit: float | None = None,
) -> Timetable:
    """
    Choose a time for every pair so that no person is in two meetings at once, whatever the clocks do.

    Parameters
    ----------
    pool : Pool
    settings : Settings
        Its dates, cadence and meeting length.
    pairs : iterable of (int, int)
        Mentor and mentee, as positions in the pool.
    booked : iterable of Booking
        Meetings that people have already, in any zone.
    fixed : mapping of int to Slot, optional
        Pairs, by their place in `pairs`, whose slot stays; people agreed on it, so it may lie outside their hours.
    time_limit : float, optional
        Seconds after which the best found is returned; None searches until all is proved.

    Returns
    -------
    Timetable
        With as many pairs placed as possible, if time suffices. Then no single pair could have a better time while
        the others stay: daytime in both zones is better than other hours, then the earliest in the template.

    Raises
    ------
    InvalidTimesError
        If fixed slots are no times, or clash with each other or with a booking.
    ValueError
        For a negative time limit.

    Notes
    -----
    Pairs that find a time whatever the others do are set aside. The rest are placed with the fewest times first, moving
    others where that lets one more in. Only where pairs that hang together through people in common still have one
    without a time does the mixed-integer programme of `matcher.placement_search` look for more, and prove that
    there are none. Exact search may take exponential time; the rest is quick. The same input gives the same times,
    but for a time limit.

    Examples
    --------
    >>> from matcher.pool import Mentee, Mentor, Pool, Window
    >>> evening = (Window(0, 1020, 1140),)
    >>> mentees = [Mentee(name, name, "UTC", windows=evening) for name in ("lee", "kim", "ada")]
    >>> pool = Pool.build([Mentor("mo", "mo", "UTC", windows=evening)], mentees)
    >>> found = schedule(pool, Settings(cadence="weekly"), [(0, 0), (0, 1), (0, 2)])
    >>> [str(slot) for slot in found.slots], str(found.unplaced[0]), found.proved
    (['Mon 17:00', 'Mon 18:00', 'None'], 'The two and 2 other pairs cannot all meet: they need the same times.', True)
    """
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"time_limit is in seconds from 0 up, not {time_limit}")
    deadline = inf if time_limit is None else monotonic() + time_limit
    wanted = [(int(mentor), int(mentee)) for mentor, mentee in pairs]
    staying = {int(number): slot for number, slot in (fixed or {}).items()}
    faults = [
        f"there is no pair {number} whose time could stay" for number in staying if number not in range(len(wanted))
    ]
    faults += [
        f"pair {number} is to stay at what is no time: {slot!r}"
        for number, slot in staying.items()
        if not slot.is_a_time
    ]
    if faults:
        raise InvalidTimesError(faults)
    layout = lay_out(pool, settings, wanted, list(booked), staying)
    names = [f"{pool.mentors[mentor].key} with {pool.mentees[mentee].key}" for mentor, mentee in wanted]
    if faults := find_faults(layout, staying, names):
        raise InvalidTimesError(faults)
    plan = layout.plan
    starts: Starts = [None] * len(wanted)
    for number, slot in staying.items():
        starts[number] = plan.template.start_of(slot)
    place_all(plan, starts, deadline)
    settle(plan, starts, [number for number in range(len(wanted)) if number not in staying])
    slots = tuple(
        staying.get(number, None if start is None else plan.template.slot_at(start))
        for number, start in enumerate(starts)
    )
    unplaced = tuple(
        _explain(layout, wanted, number, starts, deadline) for number, start in enumerate(starts) if start is None
    )
    return Timetable(slots, unplaced, proved=all(entry.code != "out_of_time" for entry in unplaced))


def place_all(plan: Plan, starts: Starts, deadline: float) -> None:
    """Place all meetings that have no start so far, as many as possible; `starts` is changed."""
    free = {number: plan.free(number, starts) for number, start in enumerate(starts) if start is None}
    open_starts = {number: mask for number, mask in free.items() if mask}
    aside = plan.peel(open_starts)
    hard = [number for number in open_starts if number not in set(aside)]
    missed = set(place_greedily(plan, starts, hard))
    for members in plan.components(hard) if missed else []:
        without = [number for number in members if number in missed]
        if without and monotonic() < deadline:
            least = len(members) - len(without)
            found, _ = place_most(plan, {number: open_starts[number] for number in members}, least, deadline)
            if found is not None:
                for number in members:
                    starts[number] = found.get(number)
    for number in reversed(aside):
        starts[number] = plan.best(number, plan.free(number, starts))


def _explain(
    layout: Layout, pairs: Sequence[tuple[int, int]], number: int, starts: Starts, deadline: float
) -> Unplaced:
    """Say why a pair has no time."""
    code = layout.why_none(number)
    if code != "clash":
        return Unplaced(pairs[number], (), code)
    placed = [other for other, start in enumerate(starts) if start is not None]
    beside = find_unplaceable(layout.plan, number, placed, deadline)
    if beside is None:
        return Unplaced(pairs[number], (), "out_of_time")
    return Unplaced(pairs[number], tuple(pairs[other] for other in beside), code)
