r"""Pairs that would rather be together than keep to a matching."""

from typing import Any

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs
from matcher.problem import Problem


def find_blocking_pairs(problem: Problem, pairs: Any, *, keep_pinned: bool = True) -> IntArray:
    r"""Return the pairs that block a matching.

    An acceptable pair :math:`(j, i)` that is not in the matching *blocks* it if both would take it:

    - mentor :math:`j` has room for :math:`i` (a place, and minutes for her), or prefers her to one of her mentees
      and has room once that one is let go;
    - mentee :math:`i` wants one more mentor, or prefers :math:`j` to one of her mentors.

    A matching without blocking pairs is *stable*. Preferences are strict: by rank where one is given, ranked
    before unranked, and by larger weight where ranks do not decide; equals are not preferred. Nobody lets go
    of a pinned partner. A mentor who already fills a column of a person's board blocks with none of its others.

    Parameters
    ----------
    problem
        The problem; `mentor_ranks` and `mentee_ranks` may each be missing.
    pairs
        int, shape (n_pairs, 2): a matching of the problem.
    keep_pinned
        Whether pinned partners are held fast. If not, pairs are found as if nothing were pinned.

    Returns
    -------
    IntArray
        Shape (n_blocking, 2), sorted by mentor, then mentee.

    Notes
    -----
    O(n_mentors n_mentees + n_pairs (n_mentors + n_mentees)) time. With one place a side this is the pair of Gale
    and Shapley; with several, preferences over groups are *responsive*: partners are weighed one by one.

    References
    ----------
    D. Gale and L. S. Shapley (1962), College admissions and the stability of marriage.
    A. E. Roth and M. Sotomayor (1990), Two-Sided Matching, chapters 5 and 6.

    Examples
    --------
    >>> problem = Problem([[0.9, 0.8], [0.7, 0.1]], mentor_capacity=1, mentee_capacity=1)
    >>> find_blocking_pairs(problem, [(0, 1), (1, 0)]).tolist()
    [[0, 0]]
    """
    array = as_pairs(pairs)
    weights = problem.weights
    matched = np.zeros(problem.shape, dtype=np.bool_)
    matched[array[:, 0], array[:, 1]] = True
    pinned = np.zeros(problem.shape, dtype=np.bool_)
    if keep_pinned:
        pinned[problem.pinned[:, 0], problem.pinned[:, 1]] = True
    taken = array[~pinned[array[:, 0], array[:, 1]]]
    open_to = ~np.isnan(weights) & ~matched
    for mentor, mentee in array.tolist():
        open_to[mentor, problem.person == problem.person[mentee]] = False
    mentors_would = _mentors_would(problem, weights, matched, taken)
    mentees_would = _mentees_would(problem, weights, matched, taken)
    return np.argwhere(open_to & mentors_would & mentees_would).astype(np.int64)


def _mentors_would(problem: Problem, weights: FloatArray, matched: BoolArray, taken: IntArray) -> BoolArray:
    """Return where the mentor has room for the mentee, or would make it."""
    minutes = problem.minutes_chunk(0, problem.n_mentees)
    places_left = problem.mentor_capacity - matched.sum(axis=1)
    minutes_left = np.full(problem.n_mentors, np.iinfo(np.int64).max)
    if problem.mentor_minutes is not None:
        minutes_left = problem.mentor_minutes - (minutes * matched).sum(axis=1)
    would: BoolArray = (places_left > 0)[:, np.newaxis] & (minutes <= minutes_left[:, np.newaxis])
    for mentor, mentee in taken.tolist():
        ranks = None if problem.mentor_ranks is None else problem.mentor_ranks[mentor]
        freed = minutes[mentor] - minutes[mentor, mentee] <= minutes_left[mentor]
        would[mentor] |= freed & _preferred(weights[mentor], ranks, mentee)
    return would


def _mentees_would(problem: Problem, weights: FloatArray, matched: BoolArray, taken: IntArray) -> BoolArray:
    """Return where the mentee wants one more mentor, or prefers this one."""
    wants_more = problem.mentee_capacity > matched.sum(axis=0)
    would = np.tile(wants_more, (problem.n_mentors, 1))
    for mentor, mentee in taken.tolist():
        ranks = None if problem.mentee_ranks is None else problem.mentee_ranks[:, mentee]
        would[:, mentee] |= _preferred(weights[:, mentee], ranks, mentor)
    return would


def _preferred(weights: FloatArray, ranks: IntArray | None, partner: int) -> BoolArray:
    """Return which candidates are strictly preferred to one partner."""
    heavier: BoolArray = weights > weights[partner]
    if ranks is None:
        return heavier
    last = np.where(ranks < 0, np.iinfo(np.int64).max, ranks)
    better: BoolArray = (last < last[partner]) | ((last == last[partner]) & heavier)
    return better


def plain_ranks(ranks: IntArray | None) -> list[list[int]] | None:
    """Return the ranks that were given as [mentor, mentee, rank], sorted; None if there are none at all."""
    if ranks is None:
        return None
    given = np.argwhere(ranks >= 0)
    rows: list[list[int]] = np.column_stack([given, ranks[given[:, 0], given[:, 1]]]).tolist()
    return rows
