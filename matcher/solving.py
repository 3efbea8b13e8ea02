"""The one door to every objective."""

from concurrent.futures import Executor

from matcher.b_matching import Progress, solve_b_matching
from matcher.certificate import LEVELS
from matcher.fair import solve_fair
from matcher.problem import Problem
from matcher.result import SolveResult
from matcher.stable import solve_stable

_SIDES = ("mentor", "mentee")


def solve(
    problem: Problem,
    objective: str = "coverage",
    *,
    proposing: str = "mentee",
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolveResult:
    """Find a best matching.

    Parameters
    ----------
    problem
        The problem.
    objective
        ``"coverage"``: most persons covered, then their priority, then total weight. ``"total"``: largest
        total weight alone. ``"fair"``: most persons covered, then the largest floor, then total
        weight. ``"stable"``: no blocking pair.
    proposing
        ``"mentee"`` or ``"mentor"``: for ``"stable"`` the side that proposes, and likes the result best.
    time_limit
        Seconds after which the best found is returned as FEASIBLE; None for no limit.
    seed
        Breaks ties: the same problem, options and seed give the same pairs.
    executor
        Any `concurrent.futures.Executor`, on which chunks of weights are read. A pool of processes needs a
        source of weights that can be pickled.
    progress
        Called as ``progress(stage, done, total, bound, gap)``: before each level, after each reading of the whole
        pool, at the end. `bound` is true at any time, and None while there is none. It may raise, to cancel.

    Returns
    -------
    SolveResult
        With the certificate that `matcher.verify` checks.

    Raises
    ------
    ValueError
        For an unknown objective, side or a negative time limit.
    InvalidProblemError
        For ``"stable"`` with mixed minutes.

    Examples
    --------
    >>> from matcher import Problem
    >>> result = solve(Problem([[0.9, 0.8], [0.7, float("nan")]], mentor_capacity=1, mentee_capacity=1))
    >>> result.pairs.tolist(), result.total_weight
    ([[0, 1], [1, 0]], 1.5)
    """
    if objective not in LEVELS:
        raise ValueError(f"there is no objective {objective!r}; there are {', '.join(sorted(LEVELS))}")
    if proposing not in _SIDES:
        raise ValueError(f"proposing is one of {', '.join(_SIDES)}, not {proposing!r}")
    check_time_limit(time_limit)
    if objective == "fair":
        return solve_fair(problem, time_limit=time_limit, seed=seed, executor=executor, progress=progress)
    if objective == "stable":
        return solve_stable(problem, proposing=proposing, time_limit=time_limit, seed=seed, progress=progress)
    return solve_b_matching(problem, objective, time_limit=time_limit, seed=seed, executor=executor, progress=progress)


def check_time_limit(time_limit: float | None) -> None:
    """Refuse a time limit that is no time.

    Raises
    ------
    ValueError
        If it is negative or NaN.
    """
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"time_limit is in seconds from 0 up, not {time_limit}")
