"""The objective `stable`: no blocking pair, shown with the ranks and counted again by whoever checks."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import numpy as np

from matcher.arrays import IntArray
from matcher.blocking_pairs import find_blocking_pairs, plain_ranks
from matcher.conflicts import find_conflicts
from matcher.deferred_acceptance import defer_acceptance
from matcher.errors import InvalidProblemError
from matcher.problem import Problem
from matcher.proofs import assemble, infeasible
from matcher.result import Matching, SolveResult

Progress = Callable[[str, float, float, float | None, float | None], None]


def solve_stable(
    problem: Problem,
    *,
    proposing: str = "mentee",
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> SolveResult:
    """Find the stable matching that is best for the side that proposes.

    Parameters
    ----------
    problem
        Without mixed minutes.
    proposing
        ``"mentee"`` or ``"mentor"``.
    time_limit
        Seconds after which those who still wait go without; blocking pairs may then be left.
    seed
        Decides between equals.
    progress
        Called with the stage, the proposers served and their number.

    Returns
    -------
    SolveResult
        OPTIMAL if there is no blocking pair. Pinned pairs are set aside first, so nobody lets go of them;
        `pinned_blocking_pairs` lists the pairs that would block if they could be.

    Raises
    ------
    InvalidProblemError
        With mixed minutes: then there may be no stable matching at all.
    """
    if problem.minutes_mode == "mixed":
        mentor = int(np.argmax(problem.mixed))
        fault = (
            "minutes: for the objective stable all pairs of a mentor must take the same minutes, because with mixed "
            f"minutes a stable matching need not exist; those of mentor {mentor} differ: make them equal, or choose "
            "another objective"
        )
        raise InvalidProblemError([fault])
    if conflicts := find_conflicts(problem):
        return infeasible(problem, "stable", conflicts)
    deadline = np.inf if time_limit is None else monotonic() + time_limit

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress("stability", done, total, None, None)

    pairs = defer_acceptance(problem, proposing=proposing, seed=seed, deadline=deadline, tell=tell)
    result = _proved(problem, pairs, proposing, seed)
    if progress is not None:
        progress("done", 1, 1, result.bound, result.gap)
    return result


def _proved(problem: Problem, pairs: IntArray, proposing: str, seed: int) -> SolveResult:
    """Count the blocking pairs and put the ranks beside them."""
    blocking = find_blocking_pairs(problem, pairs)
    without_pins = find_blocking_pairs(problem, pairs, keep_pinned=False)
    held = {tuple(pair) for pair in blocking.tolist()}
    apart = [pair for pair in without_pins.tolist() if tuple(pair) not in held]
    stability: dict[str, Any] = {
        "proposing": proposing,
        "mentor_ranks": plain_ranks(problem.mentor_ranks),
        "mentee_ranks": plain_ranks(problem.mentee_ranks),
        "pinned_blocking": apart,
    }
    result = assemble(
        problem,
        "stable",
        Matching.of(problem, pairs),
        values={"stability": 0.0 - len(blocking)},
        prices={},
        bounds={"stability": 0.0},
        solver_bounds=None,
        seed=seed,
        stability=stability,
    )
    return replace(result, pinned_blocking_pairs=np.array(apart, dtype=np.int64).reshape(-1, 2))
