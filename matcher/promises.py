"""What one more mentor, or one more place, can add at most: to confirm first what could help most."""

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.what_if import WhatIf

__all__ = ["promise_of_mentors", "promise_of_places"]


def promise_of_mentors(what_if: WhatIf, rows: FloatArray, places: int, left: IntArray) -> FloatArray:
    """Bound the mentees that new mentors can add.

    Parameters
    ----------
    what_if
        Of the problem without them.
    rows
        float, shape (n, n_mentees): the weights of each of n mentors, NaN where not acceptable.
    places
        Of each of them.
    left
        The mentees without a mentor.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        At most so many more mentees; and a number that grows with what else speaks for the mentor.

    Notes
    -----
    Each pair of a new mentor adds at most what the best walk from her mentee adds, and no more the more pairs there
    are: the gains of flows have diminishing returns. Without walks each pair may add one mentee.
    """
    acceptable = ~np.isnan(rows)
    fitting = acceptable[:, left].sum(axis=1)
    residual = what_if.residual
    if residual is None or not residual.by_person:
        return np.column_stack([np.where(acceptable.any(axis=1), places, 0), fitting]).astype(np.float64)
    first = what_if.problem.n_mentors
    exits = residual.exits.worth[first : first + rows.shape[1]]
    offered = np.where(acceptable, np.nan_to_num(rows), -np.inf) + exits
    best = -np.sort(-offered, axis=1)[:, :places]
    coverage, _, weight = residual.ladder.split(best.ravel())
    gained = np.maximum(coverage, 0.0).reshape(best.shape).sum(axis=1)
    return np.column_stack([gained, np.maximum(weight, 0.0).reshape(best.shape).sum(axis=1)])


def promise_of_places(what_if: WhatIf, left: IntArray) -> FloatArray:
    """Return for each mentor a number that grows with what one more place would add; 0 where it adds nothing.

    With walks it is the price of a place. Without them, for mentors who are full, the mentees left out who fit.
    """
    residual, problem = what_if.residual, what_if.problem
    if residual is not None:
        worth = residual.exits.worth[: problem.n_mentors]
        return np.where(worth > residual.ladder.noise, worth, 0.0)
    load = np.bincount(what_if.pairs[:, 0], minlength=problem.n_mentors)
    full = (load > 0) & (load >= problem.places)
    fitting: FloatArray = np.where(full, (~np.isnan(problem.weights[:, left])).sum(axis=1), 0).astype(np.float64)
    return fitting
