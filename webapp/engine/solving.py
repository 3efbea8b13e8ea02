"""A solve from plain values to plain values: build, solve, verify, put into words."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from matcher import InvalidProblemError, Problem, SolveResult, SolveStatus, solve, verify
from matcher.codes import Code
from matcher.pool import InvalidPoolError, Pool
from matcher.ranks import rank_wishes, with_ranks
from matcher.scoring import Scores, build_problem, score
from matcher.settings import InvalidSettingsError, Settings
from matcher.slots import greedy_slots
from matcher.why_not import why_not
from webapp.engine.decode import Found, plain_conflicts, plain_proposals, plain_totals, plain_unmatched
from webapp.engine.snapshots import interests_in, pool_of

Tell = Callable[[str, float, float, float | None, float | None], None]
"""Called with stage, done, total, bound and gap."""


MOST_SECONDS = 300.0
"""A coordinator waits this long at most; after it the best found is shown with its gap. Only mixed minutes need it."""


class UnsolvableError(Exception):
    """What was given cannot be solved, now or at another try; the message is for people."""


def solve_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Solve what `services.scenarios.read_work` gave; the result fits `services.scenarios.Solved`.

    Raises
    ------
    UnsolvableError
        The people or settings do not make a problem, or the result did not pass its own check.

    """
    clock = _Clock()
    tell("people", 0, 1, None, None)
    try:
        settings = Settings.from_dict(work["settings"])
        pool = pool_of(work["snapshot"], tuple((mentor, mentee) for mentor, mentee in work["forbidden"]))
    except (InvalidSettingsError, InvalidPoolError) as error:
        raise UnsolvableError(" ".join(error.faults)) from error
    clock.note("people")
    pins, clashes = _check_pins(pool, settings, work["pinned"])
    if clashes:
        return _infeasible(clashes, clock)
    try:
        problem, scores = build_problem(
            pool, settings, pins, progress=lambda share: tell("weights", share, 1, None, None)
        )
    except InvalidProblemError as error:
        raise UnsolvableError(" ".join(error.faults)) from error
    if work["objective"] == "stable":
        problem = with_ranks(problem, *rank_wishes(pool, interests_in(work["snapshot"])))
    clock.note("weights")
    result = _solve(problem, work, tell)
    clock.note("solve")
    if result.status is SolveStatus.INFEASIBLE:
        return _infeasible(plain_conflicts(pool, result.conflicts), clock)
    tell("verify", 0, 1, result.bound, result.gap)
    report = verify(problem, result)
    clock.note("verify")
    if not report.ok:
        raise UnsolvableError("The result did not pass its own check: " + "; ".join(report.faults))
    found = Found(pool, settings, problem, scores, result, set(pins))
    slots = greedy_slots(pool, settings, result.pairs)
    clock.note("slots")
    proposals = plain_proposals(
        found, slots, lambda done, total: tell("reasons", done, total, result.bound, result.gap)
    )
    clock.note("reasons")
    assert result.certificate is not None
    return {
        "status": "solved",
        "result_status": result.status.name,
        "verified": report.ok,
        "totals": plain_totals(found, slots),
        "proposals": proposals,
        "unmatched": plain_unmatched(found),
        "conflicts": [],
        "timings": clock.seconds,
        "certificate": result.certificate.to_json(),
    }


def _solve(problem: Problem, work: dict[str, Any], tell: Tell) -> SolveResult:
    try:
        return solve(
            problem, work["objective"], seed=work["seed"], time_limit=MOST_SECONDS, progress=_name_levels(tell)
        )
    except InvalidProblemError as error:  # stable, with minutes that differ
        raise UnsolvableError(" ".join(error.faults)) from error


class _Clock:
    """Seconds that each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def note(self, step: str) -> None:
        moment = perf_counter()
        self.seconds[step] = round(moment - self._last, 4)
        self._last = moment


def _name_levels(tell: Tell) -> Tell:
    def told(stage: str, done: float, total: float, bound: float | None, gap: float | None) -> None:
        tell(f"solve.{stage}", done, total, _number(bound), _number(gap))

    return told


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _check_pins(pool: Pool, settings: Settings, pinned: list[list[str]]) -> tuple[list[tuple[int, int]], list[str]]:
    """Return the pins as positions, and a sentence for each that cannot be kept whatever else is chosen."""
    pins: list[tuple[int, int]] = []
    clashes: list[str] = []
    mentors, mentees = pool.positions
    for mentor, mentee in pinned:
        if mentor not in mentors or mentee not in mentees:
            gone = f"mentor {mentor}" if mentor not in mentors else f"mentee {mentee}"
            clashes.append(f"{gone} is pinned, but was not to be matched when the round was frozen: drop the pin")
            continue
        pair = mentors[mentor], mentees[mentee]
        code = int(score(pool.take([pair[0]], [pair[1]]), settings).codes[0, 0])
        if code != Code.ACCEPTABLE:
            clashes.append(f"mentor {mentor} and mentee {mentee} are pinned, but cannot be a pair: {why_not(code)[1]}")
        pins.append(pair)
    return pins, clashes


def _infeasible(conflicts: list[str], clock: _Clock) -> dict[str, Any]:
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


__all__ = ["Scores", "Tell", "UnsolvableError", "solve_work"]
