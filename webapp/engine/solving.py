"""A solve from plain values to plain values: build, solve, verify, put into words."""

from time import perf_counter
from typing import Any

import numpy as np

from matcher import InvalidProblemError, verify
from matcher.timed_matching import TimedMatch, match_with_times
from webapp.engine.blocking import count_blocking
from webapp.engine.clashes import ClashingPinsError
from webapp.engine.decode import Found, Tell, plain_proposals, plain_totals, plain_unmatched
from webapp.engine.hours import gap_of_times, new_slots, plain_unplaced
from webapp.engine.posing import Posed, UnsolvableError, pose, read_pool
from webapp.engine.snapshots import read_bookings

MOST_SECONDS = 300.0
"""A coordinator waits this long at most; after it the best found is shown with its gap. Only mixed minutes need it."""


def solve_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Solve what `services.scenarios.read_work` gave; the result fits `services.scenarios.Solved`.

    Raises
    ------
    UnsolvableError
        The people or settings do not make a problem, or the result did not pass its own check.

    """
    clock = Clock()
    tell("people", 0, 1, None, None)
    pool, settings = read_pool(work)
    clock.note("people")
    try:
        posed = pose(work, pool, settings, lambda share: tell("weights", share, 1, None, None))
    except ClashingPinsError as error:
        return _infeasible(error.clashes, clock)
    clock.note("weights")
    timed = _solve(posed, work, tell)
    result = timed.result
    clock.note("solve")
    tell("verify", 0, 1, result.bound, result.gap)
    report = verify(timed.problem, result)
    clock.note("verify")
    if not report.ok:
        raise UnsolvableError("The result did not pass its own check: " + "; ".join(report.faults))
    blocking = count_blocking(posed, work["snapshot"], timed)
    clock.note("blocking")
    found = Found(posed, result)
    slots = new_slots(found, timed.timetable.slots)
    proposals = plain_proposals(
        found, slots, lambda done, total: tell("reasons", done, total, result.bound, result.gap)
    )
    clock.note("reasons")
    of_hours = {"gap": gap_of_times(timed), "no_hour": plain_unplaced(pool, timed.ruled_out)}
    totals = plain_totals(found, slots) | of_hours | {"blocking": blocking}
    assert result.certificate is not None
    return {
        "status": "solved",
        "result_status": "OPTIMAL" if timed.is_best else "FEASIBLE",
        "verified": report.ok,
        "totals": totals,
        "proposals": proposals,
        "unmatched": plain_unmatched(found),
        "conflicts": [],
        "timings": clock.seconds,
        "certificate": result.certificate.to_json(),
    }


def _solve(posed: Posed, work: dict[str, Any], tell: Tell) -> TimedMatch:
    """Find the pairs and their hours; pairs that hold already keep theirs."""
    try:
        return match_with_times(
            posed.pool,
            posed.settings,
            posed.problem,
            objective=work["objective"],
            booked=read_bookings(work["snapshot"].get("booked", [])),
            settled=posed.taken,
            hours_needed=False,
            time_limit=MOST_SECONDS,
            seed=work["seed"],
            progress=name_levels(tell),
        )
    except InvalidProblemError as error:  # stable, with minutes that differ
        raise UnsolvableError(" ".join(error.faults)) from error


class Clock:
    """Seconds that each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def note(self, step: str) -> None:
        moment = perf_counter()
        self.seconds[step] = round(moment - self._last, 4)
        self._last = moment


def name_levels(tell: Tell) -> Tell:
    """Name the stages of a solve for the page that waits.

    Once hours are looked for, whatever is solved anew belongs to that search: the bar never goes back.
    """
    looking = False

    def told(stage: str, done: float, total: float, bound: float | None, gap: float | None) -> None:
        nonlocal looking
        looking = looking or stage == "times"
        if looking:
            tell("slots", 0, 1, _number(bound), _number(gap))
        else:
            tell(f"solve.{stage}", done, total, _number(bound), _number(gap))

    return told


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _infeasible(conflicts: list[str], clock: Clock) -> dict[str, Any]:
    return {
        "status": "infeasible",
        "result_status": "",
        "verified": False,
        "totals": {},
        "proposals": [],
        "unmatched": [],
        "conflicts": conflicts,
        "timings": clock.seconds,
        "certificate": None,
    }


__all__ = ["Tell", "UnsolvableError", "solve_work"]
