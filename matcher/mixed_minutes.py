"""The mixed-integer programme, for mentors whose pairs take different minutes.

Filling a mentor's minutes with pairs of 30, 45 and 60 is a knapsack, so the linear programme may want half a
pair. HiGHS then branches and bounds on the same rows as `matcher.linear_programme`, with whole pairs.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.arrays import BoolArray, IntArray
from matcher.errors import SolverError
from matcher.linear_programme import Level, build_programme
from matcher.network import Network

_OUT_OF_TIME = 1  # milp's status


@dataclass(frozen=True, eq=False)
class WholePairs:
    """What the mixed-integer programme found.

    Attributes
    ----------
    chosen : IntArray or None
        Indices of the chosen pairs; None if time ran out before any were found.
    bound : float or None
        What no choice of the considered pairs can exceed, if the solver says.
    finished : bool
        Whether time sufficed.
    """

    chosen: IntArray | None
    bound: float | None
    finished: bool


def solve_whole(network: Network, level: Level, considered: IntArray, deadline: float) -> WholePairs:
    """Maximise a level over whole pairs among those considered.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    considered
        Indices of the pairs to choose from, the pinned ones among them.
    deadline
        On the clock of `time.monotonic`.

    Returns
    -------
    WholePairs
        Exact when finished; worst-case time is exponential.
    """
    left = deadline - monotonic()
    if left <= 0:
        return WholePairs(None, None, finished=False)
    programme = build_programme(network, level, considered)
    constraints = [LinearConstraint(programme.upper_rows, -np.inf, programme.upper_limits)]
    if programme.equal_rows is not None:
        constraints.append(LinearConstraint(programme.equal_rows, 0.0, 0.0))
    whole = np.zeros(len(programme.cost), dtype=np.int64)
    whole[: programme.n_pairs] = 1
    options: Any = {"mip_rel_gap": 0.0} | ({} if left == np.inf else {"time_limit": left})
    solution = milp(
        programme.cost,
        integrality=whole,
        bounds=Bounds(programme.bounds[:, 0], programme.bounds[:, 1]),
        constraints=constraints,
        options=options,
    )
    if solution.status not in {0, _OUT_OF_TIME}:
        raise SolverError(f"the mixed-integer programme of level {level.name} failed: {solution.message}")
    chosen: BoolArray | None = None if solution.x is None else solution.x[: programme.n_pairs] > 0.5
    bound = solution.mip_dual_bound
    return WholePairs(
        chosen=None if chosen is None else considered[chosen],
        bound=None if bound is None or not np.isfinite(bound) else -float(bound),
        finished=solution.status == 0,
    )
