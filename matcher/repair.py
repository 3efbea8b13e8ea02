r"""After the answers: the smallest change that helps, into the room that declined offers leave.

Accepted pairs stay, declined ones never come back, and of the offers still open as many stay as can:

1. *coverage*: as many persons as possible have at least one mentor, over accepted, kept and new pairs;
2. *kept*: of those matchings, one that withdraws the fewest open offers. The coordinator may cap the number; the cap
   then holds on the first level too, and 0 means that new pairs go into spare capacity only;
3. *total*: of those, one with the largest total weight.

Priorities play no part: they decided the round, and whoever is left out now has them in the next one.

*Limits that were lowered meanwhile.* Someone whose accepted pairs and open offers take more than her limit keeps what
she has: her limit is raised to exactly that, and she gets nothing new, whatever is withdrawn. So no answer of hers
can make a repair impossible, and none of her minutes is reserved beyond what is reserved already.

*Pairs that are no longer acceptable.* An accepted pair stands nevertheless, at weight 0. An open offer lapses: it is
told apart from withdrawn ones and does not count against the cap.

See `matcher.b_matching` for the levels, `matcher.bounds` for the proof.
"""

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import IntArray, as_pairs, common_pairs, other_pairs, read_only
from matcher.b_matching import Progress, solve_b_matching
from matcher.certificate import REPAIR
from matcher.problem import Problem
from matcher.repair_problem import problem_after_answers
from matcher.result import SolveResult, SolveStatus
from matcher.solving import check_time_limit


@dataclass(frozen=True, eq=False)
class Repair:
    """What stays, what goes and what comes, with the proof.

    Attributes
    ----------
    result : SolveResult
        Of the objective ``"repair"``: `pairs` are the accepted, the kept and the new ones.
    problem : Problem
        What was solved, for `matcher.verify`: accepted pairs pinned, declined ones not acceptable, lowered limits
        raised to what is taken, with `open_offers` and `most_withdrawn`. Equal arguments make an equal problem.
    accepted, kept, withdrawn, lapsed, new : IntArray
        Pairs, shape (n, 2), sorted: accepted ones, open offers that stay, that are withdrawn, that are
        no longer acceptable, and new pairs.
    fewest_withdrawn : int
        No matching that covers as many within the cap withdraws fewer; from the prices of the level `kept`,
        or with mixed minutes from the solver's bound.
    proved : bool
        Whether all levels are proved best, so that `withdrawn` has exactly `fewest_withdrawn` pairs.
    """

    result: SolveResult
    problem: Problem
    accepted: IntArray
    kept: IntArray
    withdrawn: IntArray
    lapsed: IntArray
    new: IntArray
    fewest_withdrawn: int
    proved: bool


def repair(
    problem: Problem,
    *,
    accepted: Any = (),
    open_offers: Any = (),
    declined: Any = (),
    most_withdrawn: int | None = None,
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Repair:
    """Find new pairs after answers have come, with the fewest open offers withdrawn.

    Parameters
    ----------
    problem
        The problem of the round, with today's limits. Its pins, priorities and ranks play no part: a pinned pair has
        been offered since, and got an answer.
    accepted
        int, shape (n, 2): pairs (mentor, mentee) that stay.
    open_offers
        int, shape (n, 2): pairs that wait for an answer and may be withdrawn.
    declined
        int, shape (n, 2): pairs that must not come again: declined, expired, or ruled out by the coordinator.
    most_withdrawn
        Open offers withdrawn at most; None for any number, 0 for spare capacity only.
    time_limit, seed, executor, progress
        As for `matcher.solve`.

    Returns
    -------
    Repair
        With the certificate that `matcher.verify` checks on `Repair.problem`.

    Raises
    ------
    InvalidProblemError
        With all faults: pairs out of range or listed twice, pairs that have two answers, a mentor who holds several
        columns of one person's board, a cap that is no whole number.
    ValueError
        For a negative time limit.

    Notes
    -----
    Three linear programmes, as for the objective `coverage`, whose corners are whole except with mixed minutes.

    Examples
    --------
    Mentee 1 said no to mentor 0, who now has room; mentee 2, left out before, comes in, and nobody else moves.

    >>> problem = Problem([[0.9, 0.8, 0.4], [0.3, 0.2, float("nan")]], mentor_capacity=[2, 1], mentee_capacity=1)
    >>> found = repair(problem, accepted=[(0, 0)], declined=[(0, 1)])
    >>> found.new.tolist(), found.withdrawn.tolist(), found.proved
    ([[0, 2], [1, 1]], [], True)
    """
    check_time_limit(time_limit)
    left = problem_after_answers(
        problem, accepted=accepted, open_offers=open_offers, declined=declined, most_withdrawn=most_withdrawn
    )
    result = solve_b_matching(left, REPAIR, time_limit=time_limit, seed=seed, executor=executor, progress=progress)
    return _told(left, result, open_offers)


def fill_waiting_list(
    problem: Problem,
    *,
    waiting: Any,
    taken: Any = (),
    declined: Any = (),
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Repair:
    """Find mentors for people on the waiting list in spare capacity; everything taken stays.

    Parameters
    ----------
    problem
        The problem, as for `repair`.
    waiting
        int, shape (n,): the mentees' columns that may gain.
    taken
        int, shape (n, 2): pairs that stay, accepted or open.
    declined
        int, shape (n, 2): pairs that must not come.
    time_limit, seed, executor, progress
        As for `matcher.solve`.

    Returns
    -------
    Repair
        A repair in which everything taken is accepted and only those who wait have new pairs.

    Raises
    ------
    InvalidProblemError, ValueError
        As `repair`; also for columns out of range.

    Examples
    --------
    >>> problem = Problem([[0.9, 0.8, 0.4]], mentor_capacity=2, mentee_capacity=1)
    >>> fill_waiting_list(problem, waiting=[2], taken=[(0, 0)]).new.tolist()
    [[0, 2]]
    """
    check_time_limit(time_limit)
    left = problem_after_answers(problem, accepted=taken, declined=declined, waiting=waiting)
    result = solve_b_matching(left, REPAIR, time_limit=time_limit, seed=seed, executor=executor, progress=progress)
    return _told(left, result, ())


def _told(left: Problem, result: SolveResult, open_offers: Any) -> Repair:
    """Sort the pairs of a result by what happens to them."""
    offered = left.open_offers
    kept = common_pairs(offered, result.pairs)
    assert result.certificate is not None  # pins within raised limits never clash
    proved = result.certificate.solver_bounds or result.certificate.bounds
    return Repair(
        result=result,
        problem=left,
        accepted=left.pinned,
        kept=read_only(kept),
        withdrawn=read_only(other_pairs(offered, kept)),
        lapsed=read_only(other_pairs(as_pairs(open_offers), offered)),
        new=read_only(other_pairs(result.pairs, np.concatenate([left.pinned, offered]))),
        fewest_withdrawn=len(offered) - int(proved["kept"]),
        proved=result.status == SolveStatus.OPTIMAL,
    )
