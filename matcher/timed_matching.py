"""The best matching in which every pair has a time, found by ruling pairs out and solving again."""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from math import inf
from time import monotonic

from matcher.arrays import IntArray, as_tuples
from matcher.availability import Slot
from matcher.b_matching import Progress
from matcher.diary import Booking
from matcher.errors import InvalidTimesError
from matcher.hour_places import close_for_free
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.result import SolveResult
from matcher.settings import Settings
from matcher.solving import solve
from matcher.time_rounds import Pair, Rounds, TimedMatch
from matcher.timetable import Timetable, schedule

__all__ = ["TimedMatch", "match_with_times"]


def match_with_times(
    pool: Pool,
    settings: Settings,
    problem: Problem,
    *,
    objective: str = "coverage",
    proposing: str = "mentee",
    booked: Iterable[Booking] = (),
    fixed: Mapping[Pair, Slot] | None = None,
    settled: Collection[Pair] = (),
    hours_needed: bool = True,
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> TimedMatch:
    """
    Find a good matching in which every pair has a time to meet and nobody is twice in a meeting.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    problem : Problem
        As `matcher.scoring.build_problem` makes it of the pool: mentor `j` and mentee `i` of the one are those of the
        other.
    objective, proposing, seed, executor, progress
        As for `matcher.solve`; progress is told the stage "times" before each timetable.
    booked : iterable of Booking
        Meetings that people have already.
    fixed : mapping of (int, int) to Slot, optional
        Pinned pairs whose slot stays.
    settled : collection of (int, int)
        Pinned pairs that meet already, at times in `booked` or as they please: they are given no slot.
    hours_needed : bool
        Whether a pair of whom somebody has not given hours is ruled out; if not, it is matched without a slot.
    time_limit : float, optional
        Seconds, after which pairs without a time are left out; None goes on until every pair has one.

    Returns
    -------
    TimedMatch

    Raises
    ------
    InvalidTimesError
        If fixed slots clash, or pairs fixed or settled are not pinned.
    ValueError
        For an unknown objective or side, or a negative time limit.

    Notes
    -----
    First, what costs nothing: capacities fall to what hours hold, and pairs that share no time are closed. The bounds
    of the first solve are then true for every matching with times. For each pair that finds none, one pair of its
    smallest unplaceable set that is not pinned is ruled out and all is solved again: the lightest; where coverage
    counts first, a pair whose mentee has another mentor, or else most other mentors to choose from. That is no exact
    method: what it may have cost is in `gaps`. The best of all rounds counts: fewest pinned pairs without a time, then
    the levels of the objective. At last, but for "stable", pairs that still fit beside those of that round are added.

    Examples
    --------
    >>> from matcher.pool import Mentee, Mentor, Pool, Window
    >>> from matcher.scoring import build_problem
    >>> hour = (Window(0, 1020, 1080),)
    >>> mentees = [Mentee(name, name, "UTC", windows=hour) for name in ("lee", "kim")]
    >>> pool = Pool.build([Mentor("mo", "mo", "UTC", windows=hour, places=2, minutes=600)], mentees)
    >>> settings = Settings(cadence="weekly")
    >>> found = match_with_times(pool, settings, build_problem(pool, settings)[0])
    >>> found.result.pairs.tolist(), [str(slot) for slot in found.timetable.slots], found.gaps["coverage"]
    ([[0, 0]], ['Mon 17:00'], 0.0)
    """
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"time_limit is in seconds from 0 up, not {time_limit}")

    bookings, slots = tuple(booked), dict(fixed or {})
    pins, met = set(as_tuples(problem.pinned)), frozenset(settled)
    if loose := [f"pair {pair} is not pinned, so its time cannot stay" for pair in sorted({*slots, *settled} - pins)]:
        raise InvalidTimesError(loose)

    def ask(current: Problem, aim: str, limit: float | None) -> SolveResult:
        return solve(
            current, aim, proposing=proposing, time_limit=limit, seed=seed, executor=executor, progress=progress
        )

    def place(pairs: IntArray, limit: float | None, staying: Mapping[Pair, Slot]) -> Timetable:
        if progress is not None:
            progress("times", 0, len(pairs), None, None)
        stay = {**slots, **staying}
        asked = [(row, pair) for row, pair in enumerate(as_tuples(pairs)) if pair not in met]
        kept = {number: stay[pair] for number, (_, pair) in enumerate(asked) if pair in stay}
        found = schedule(pool, settings, [pair for _, pair in asked], booked=bookings, fixed=kept, time_limit=limit)
        times: list[Slot | None] = [None] * len(pairs)
        for (row, _), slot in zip(asked, found.slots, strict=True):
            times[row] = slot
        return replace(found, slots=tuple(times))

    opened = close_for_free(pool, settings, problem, bookings, hours_needed=hours_needed)
    deadline = inf if time_limit is None else monotonic() + time_limit
    may_lack = frozenset[str]() if hours_needed else frozenset({"hours_not_stated"})
    return Rounds(opened, objective, ask, place, deadline, may_lack).run()
