r"""As many meetings as can be placed, proved: a mixed-integer programme, and a quick search for few.

For each meeting `p` and start `s` a variable :math:`x_{ps} \in \{0, 1\}`; maximise their sum, with
:math:`\sum_s x_{ps} \le 1`, and for each person, each combination of the offsets of her zones and each cell `c`

.. math:: \sum_{p, s \,:\, c \in [s, s + n_p)} x_{ps} \le 1.

Two meetings overlap only if one begins inside the other, so rows for the cells in which a meeting can begin are
enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matcher.arrays import BoolArray, IntArray
from matcher.availability import CELL, regimes
from matcher.diary import bits, most_fitting
from matcher.errors import SolverError
from matcher.placement import Plan

__all__ = ["can_all_meet", "place_most"]

NODES = 400
"""Steps of the quick search before the mixed-integer programme is asked."""

_OPTIMAL, _OUT_OF_TIME, _INFEASIBLE = 0, 1, 2  # milp's status


def place_most(
    plan: Plan, open_starts: dict[int, int], least: int, deadline: float
) -> tuple[dict[int, int] | None, bool]:
    """
    Place as many meetings as possible.

    Parameters
    ----------
    plan : Plan
    open_starts : dict of int to int
        For each meeting to place the starts that are open to it.
    least : int
        How many can be placed for sure; only more are of interest.
    deadline : float
        On the clock of `time.monotonic`.

    Returns
    -------
    dict of int to int, or None
        Starts of more than `least` meetings; None if none were found.
    bool
        Whether the number is proved largest.

    Raises
    ------
    SolverError
        If the solver breaks.
    """
    programme = _Programme.of(plan, open_starts)
    solution = programme.solve(least + 1, deadline)
    if solution.status == _INFEASIBLE:
        return None, True
    if solution.status not in {_OPTIMAL, _OUT_OF_TIME}:
        raise SolverError(f"the programme that places meetings failed: {solution.message}")
    found = None if solution.x is None else programme.starts_of(solution.x)
    return found, solution.status == _OPTIMAL


def can_all_meet(plan: Plan, members: Sequence[int], deadline: float) -> bool | None:
    """
    Say whether some meetings can all be placed beside each other, whatever the others do; None if time ran out.

    Notes
    -----
    Searches the meeting with the fewest starts left first; after `NODES` steps the mixed-integer programme takes over.
    """
    if _is_crowded(plan, members):
        return False
    open_starts = {one: plan.meetings[one].starts for one in members}
    found = _Search(plan).fits(open_starts)
    if found is not None or monotonic() >= deadline:
        return found
    starts, proved = place_most(plan, open_starts, len(members) - 1, deadline)
    if starts is not None:
        return True
    return False if proved else None


def _is_crowded(plan: Plan, members: Sequence[int]) -> bool:
    """Say whether somebody's meetings are more than fit into all their starts, wherever each of them may be."""
    chosen = set(members)
    for one in members:
        for person in plan.meetings[one].persons:
            hers = [other for other in plan.of_person[person] if other in chosen]
            if len({plan.meetings[other].zone for other in hers}) == 1 and _most_fitting(plan, hers) < len(hers):
                return True
    return False


def _most_fitting(plan: Plan, hers: Sequence[int]) -> int:
    """Count the shortest of some meetings of one clock that fit one after another into all their starts."""
    union = 0
    for one in hers:
        union |= plan.meetings[one].starts
    return most_fitting(union, min(plan.meetings[one].cells for one in hers), len(hers))


class _Search:
    """Depth-first, with what each choice leaves for the others, up to a number of steps."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.left = NODES

    def fits(self, free: dict[int, int]) -> bool | None:
        """Say whether all can be placed; None if the steps ran out."""
        if not free:
            return True
        one = min(free, key=lambda other: free[other].bit_count())
        unsure = False
        for start in bits(free[one]):
            if self.left <= 0:
                return None
            self.left -= 1
            rest = self._without(free, one, start)
            if all(rest.values()):
                found = self.fits(rest)
                if found:
                    return True
                unsure = unsure or found is None
        return None if unsure else False

    def _without(self, free: dict[int, int], one: int, start: int) -> dict[int, int]:
        beside = self.plan.beside
        return {
            other: mask & ~self.plan.blocked(other, one, start) if one in beside[other] else mask
            for other, mask in free.items()
            if other != one
        }


@dataclass(frozen=True, eq=False)
class _Programme:
    """
    The mixed-integer programme.

    Attributes
    ----------
    meeting, start : IntArray
        For each variable its meeting and start.
    rows : csr_array
        At most 1 of each row.
    """

    meeting: IntArray
    start: IntArray
    rows: Any

    @classmethod
    def of(cls, plan: Plan, open_starts: dict[int, int]) -> "_Programme":
        """Lay out variables and rows."""
        choices = [(one, start) for one, starts in open_starts.items() for start in bits(starts)]
        meeting = np.array([one for one, _ in choices], dtype=np.int64)
        start = np.array([start for _, start in choices], dtype=np.int64)
        seen: dict[bytes, IntArray] = {}
        for one in open_starts:
            row = np.flatnonzero(meeting == one)
            seen[row.tobytes()] = row
        for hers in plan.of_person.values():
            mine = [one for one in hers if one in open_starts]
            if len(mine) > 1:
                for row in _rows_of(plan, np.flatnonzero(np.isin(meeting, mine)), meeting, start):
                    seen[row.tobytes()] = row
        kept = list(seen.values())
        columns = np.concatenate(kept)
        numbers = np.repeat(np.arange(len(kept)), [len(row) for row in kept])
        ones = np.ones(len(columns))
        return cls(meeting, start, csr_array((ones, (numbers, columns)), shape=(len(kept), len(choices))))

    def solve(self, least: int, deadline: float) -> Any:
        """Place as many as possible, and at least so many."""
        left = max(0.0, deadline - monotonic())
        n = len(self.meeting)
        options: Any = {"mip_rel_gap": 0.0} | ({} if left == np.inf else {"time_limit": left})
        return milp(
            -np.ones(n),
            integrality=np.ones(n, dtype=np.int64),
            bounds=Bounds(0.0, 1.0),
            constraints=[LinearConstraint(self.rows, -np.inf, 1.0), LinearConstraint(np.ones((1, n)), least, np.inf)],
            options=options,
        )

    def starts_of(self, values: Any) -> dict[int, int]:
        """Read the starts that a solution chose."""
        chosen = np.flatnonzero(np.asarray(values) > 0.5)
        return dict(zip(self.meeting[chosen].tolist(), self.start[chosen].tolist(), strict=True))


def _rows_of(plan: Plan, mine: IntArray, meeting: IntArray, start: IntArray) -> Iterator[IntArray]:
    """Give, for each combination of offsets and each cell, a person's variables of which one can be chosen."""
    settings, size = plan.template.settings, plan.template.size
    zones = [plan.meetings[one].zone for one in meeting[mine].tolist()]
    lengths = np.array([plan.meetings[one].cells for one in meeting[mine].tolist()], dtype=np.int64)
    found = regimes(zones, settings.starts_on, settings.ends_on)
    # Only differences matter: the first zone's clock is the one to read.
    for offsets in sorted({tuple((r.offsets[zone] - r.offsets[zones[0]]) // CELL for zone in zones) for r in found}):
        first = (start[mine] - np.array(offsets, dtype=np.int64)) % size
        at = np.unique(first)
        covers: BoolArray = (at[:, np.newaxis] - first) % size < lengths
        for row in np.unique(covers, axis=0):
            chosen = mine[row]
            if (meeting[chosen] != meeting[chosen[0]]).any():
                yield chosen
