r"""The linear programme behind every level, solved on the pairs that can matter.

Most pairs of a large pool are never chosen and never tempting. The programme starts with the best few pairs of
every mentee and every mentor. Its prices say what each participant's places are worth; a pair left out that
would pay more than its prices enters, and the programme is solved again, until no such pair is left in the
whole pool. Then the prices prove the solution best over *all* pairs ("column generation", Desrosiers and
Luebbecke 2005; for matching the idea is Derigs and Metz 1986).

See `matcher.bounds` for the variables, the prices and their signs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from matcher.arrays import FloatArray, IntArray, rank_within
from matcher.errors import SolverError
from matcher.levels import Level
from matcher.network import Network
from matcher.prices import Prices
from matcher.pricing import sweep

FIRST_PAIRS = 7
"""Pairs of each mentee the programme starts with, beside as many as she wants."""

CLOSED = 1e-9
"""The loop ends when all pairs left out together could add no more than this part of the value."""

INCLINED = 0.01
"""What all open offers together are worth on the level of coverage, in persons."""

MANY_PAIRS = 20_000
"""Programmes with as many pairs are large."""

_OUT_OF_TIME = 1  # linprog's status


@dataclass(frozen=True, eq=False)
class Programme:
    """A level's programme on some pairs; variables are pairs, first mentors y, further mentors e.

    Rows come in blocks; `blocks` names them and says how many rows each has, so that duals find their way back.
    """

    cost: FloatArray
    upper_rows: Any
    upper_limits: FloatArray
    upper_blocks: tuple[tuple[str, int], ...]
    equal_rows: Any
    bounds: Any  # a lower and an upper one for each variable, shape (n_variables, 2)
    n_pairs: int

    def split(self, duals: FloatArray) -> dict[str, FloatArray]:
        """Return the duals of the upper rows by block."""
        ends = np.cumsum([n for _, n in self.upper_blocks])[:-1]
        return dict(zip((name for name, _ in self.upper_blocks), np.split(duals, ends), strict=True))


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What the linear programme found.

    Attributes
    ----------
    values : FloatArray
        The value of each pair in `considered`, in [0, 1].
    considered : IntArray
        Indices of the pairs in the programme, sorted.
    prices : Prices
        In the labels of the network.
    value : float
        What the programme reached.
    bound : float
        What no choice of pairs can exceed; infinite if time ran out while pairs left out were tempting.
    """

    values: FloatArray
    considered: IntArray
    prices: Prices
    value: float
    bound: float


def relax(
    network: Network,
    level: Level,
    considered: IntArray,
    deadline: float = np.inf,
    tell: Callable[[float, float], None] = lambda _bound, _value: None,
) -> Relaxation | None:
    """Solve a level's linear programme over all pairs, bringing pairs in as they are needed.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    considered
        Indices of the pairs to start with; with them the level's requirements can be met.
    deadline
        On the clock of `time.monotonic`.
    tell
        Called after each sweep with a bound and the value so far; may raise, and then nothing is left behind.

    Returns
    -------
    Relaxation or None
        At a corner of the polytope, so in whole numbers when the programme is a network. None if time ran out
        before any solution.
    """
    found = None
    while (left := deadline - monotonic()) > 0:
        programme = build_programme(network, level, considered)
        solution = solve_programme(programme, level, left)
        if solution is None:
            break
        prices = level.leaning(read_prices(network, level, programme, solution))
        value = -float(solution.fun)
        look = sweep(network, level, prices, considered)
        found = Relaxation(solution.x[: len(considered)], considered, prices, value, value + look.excess)
        tell(found.bound, value)
        if look.excess <= CLOSED * max(1.0, abs(value)):
            break
        considered = np.union1d(considered, look.entering)
    return found


def first_pairs(network: Network) -> IntArray:
    """Return indices of the pinned and offered pairs and of each mentee's best few at the first prices, sorted.

    No offer is ever left out, so that sweeps over the pool need not know of them.
    """
    after_prices = network.weight - network.first_prices[network.mentor]
    few = FIRST_PAIRS + network.wanted[network.mentee]
    return np.flatnonzero(network.pinned | network.offered | (rank_within(network.mentee, after_prices) < few))


def build_programme(network: Network, level: Level, considered: IntArray) -> Programme:
    """Write a level's programme on some of the pairs as sparse rows."""
    n_pairs = len(considered)
    n_persons = len(network.person_wanted) if level.by_person else 0
    several = np.flatnonzero(network.person_wanted[:n_persons] > 1)
    width = n_pairs + n_persons + len(several)
    mentor, mentee = network.mentor[considered], network.mentee[considered]
    first = n_pairs + np.arange(n_persons)

    blocks: list[tuple[str, Any, Any]] = [
        ("mentor", _rows(mentor, np.ones(n_pairs), len(network.places), width), network.places),
    ]
    at_mixed = np.flatnonzero(network.mixed)
    minutes = _rows(mentor, network.minutes[considered], len(network.places), width)[at_mixed]
    blocks.append(("minutes", minutes, network.mentor_minutes[at_mixed]))
    columns = np.arange(len(network.wanted))
    if level.by_person:  # a person with a single column has its limit in her own row below
        columns = np.flatnonzero(network.person_columns[network.person_of] > 1)
    wanted = _rows(mentee, np.ones(n_pairs), len(network.wanted), width)[columns]
    blocks.append(("mentee", wanted, network.wanted[columns]))
    blocks.append(("board", *_board_rows(network, considered, width)))
    if level.coverage is not None:
        row = sparse.csr_array((-np.ones(n_persons), (np.zeros(n_persons, int), first)), shape=(1, width))
        blocks.append(("coverage", row, np.array([-level.coverage])))
    if level.priority is not None:
        row = sparse.csr_array((-network.person_priority, (np.zeros(n_persons, int), first)), shape=(1, width))
        blocks.append(("priority", row, np.array([-level.priority])))
    offered = network.offered[considered].astype(np.float64)
    if level.kept is not None and level.name != "kept":
        row = sparse.csr_array((-offered, (np.zeros(n_pairs, int), np.arange(n_pairs))), shape=(1, width))
        blocks.append(("kept", row, np.array([-level.kept])))

    equal_rows = None
    if level.by_person:
        rows = np.concatenate([network.person[considered], np.arange(n_persons), several])
        signs = np.concatenate([np.ones(n_pairs), -np.ones(n_persons + len(several))])
        equal_rows = _rows(rows, signs, n_persons, width)

    cost = np.zeros(width)
    if level.name == "total":
        cost[:n_pairs] = -network.weight[considered]
    elif level.name == "kept":
        cost[:n_pairs] = -offered
    else:
        cost[:n_pairs] = -_inclination(network, level) * offered
        cost[first] = -1.0 if level.name == "coverage" else -network.person_priority
    limits: FloatArray = np.zeros((width, 2))
    limits[:n_pairs, 0] = network.pinned[considered]
    limits[:n_pairs, 1] = 1.0
    limits[first, 1] = np.minimum(1, network.person_wanted[:n_persons])
    limits[n_pairs + n_persons :, 1] = network.person_wanted[several] - 1
    return Programme(
        cost=cost,
        upper_rows=sparse.vstack([rows for _, rows, _ in blocks], format="csr"),
        upper_limits=np.concatenate([limit for _, _, limit in blocks]).astype(np.float64),
        upper_blocks=tuple((name, rows.shape[0]) for name, rows, _ in blocks),
        equal_rows=equal_rows,
        bounds=limits,
        n_pairs=n_pairs,
    )


def _rows(rows: IntArray, values: FloatArray, n_rows: int, width: int) -> Any:
    """Put ``values[k]`` at row ``rows[k]``, column k."""
    return sparse.csr_array((values, (rows, np.arange(len(rows)))), shape=(n_rows, width))


def _board_rows(network: Network, considered: IntArray, width: int) -> tuple[Any, FloatArray]:
    """One row for each mentor and person with several considered pairs between them: at most one."""
    keys = network.mentor[considered] * len(network.person_wanted) + network.person[considered]
    _, group, size = np.unique(keys, return_inverse=True, return_counts=True)
    crowded = np.flatnonzero(size > 1)
    rows = _rows(group, np.ones(len(considered)), len(size), width)[crowded]
    return rows, np.ones(len(crowded))


def solve_programme(programme: Programme, level: Level, seconds: float, *, presolve: bool = False) -> Any:
    """Return HiGHS' solution of a programme, at a corner; None if the time is too short.

    Presolve finds little to remove on pairs that were picked, and costs up to a fifth of the time; it pays once much is
    settled. On the level of coverage all pairs count the same, and the simplex method walks among equals for long
    (37 of 40 seconds for 10,000 mentees who ask for much the same); there a large programme goes through its interior,
    and only then to a corner.

    Raises
    ------
    SolverError
        If it breaks.
    """
    start = monotonic()
    interior = level.name == "coverage" and programme.n_pairs >= MANY_PAIRS
    solution = _solve_by("highs-ipm" if interior else "highs-ds", programme, seconds, presolve=presolve)
    if interior and solution.status != 0:  # near the time limit, or stuck: the other method has the last word
        left = seconds - (monotonic() - start)
        solution = _solve_by("highs-ds", programme, max(0.0, left), presolve=presolve)
    if solution.status == _OUT_OF_TIME:
        return None
    if solution.status != 0:
        raise SolverError(f"the linear programme of level {level.name} failed: {solution.message}")
    return solution


def _solve_by(method: Literal["highs-ds", "highs-ipm"], programme: Programme, seconds: float, *, presolve: bool) -> Any:
    options: Any = {"presolve": presolve} | ({} if seconds == np.inf else {"time_limit": seconds})
    return linprog(
        programme.cost,
        A_ub=programme.upper_rows,
        b_ub=programme.upper_limits,
        A_eq=programme.equal_rows,
        b_eq=None if programme.equal_rows is None else np.zeros(programme.equal_rows.shape[0]),
        bounds=programme.bounds,
        method=method,
        options=options,
    )


def read_prices(network: Network, level: Level, programme: Programme, solution: Any) -> Prices:
    """Read prices off the duals; HiGHS minimises, so each is minus a marginal."""
    duals = programme.split(-solution.ineqlin.marginals)
    mentor = np.maximum(0.0, duals["mentor"])
    minutes = np.zeros(len(network.places))
    minutes[network.mixed] = np.maximum(0.0, duals["minutes"])
    mentee = np.zeros(len(network.wanted))
    if programme.equal_rows is None:
        mentee[:] = duals["mentee"]
        person = np.zeros(len(network.person_wanted))
    else:
        mentee[network.person_columns[network.person_of] > 1] = duals["mentee"]
        person = -solution.eqlin.marginals
    return Prices(
        mentee=np.maximum(0.0, mentee),
        person=person,
        mentor=mentor,
        minutes=minutes,
        coverage=_price_of_row(duals, "coverage"),
        priority=_price_of_row(duals, "priority"),
        kept=_price_of_row(duals, "kept") + _inclination(network, level) if level.with_offers else None,
    )


def _inclination(network: Network, level: Level) -> float:
    """Return what an open offer is worth beside persons covered, all offers together far less than one person.

    Only with mixed minutes, where the next level searches from what this one finds. As a price of offers it belongs to
    the proof, and the bound on persons, a whole number, stays what it was.
    """
    if level.name != "coverage" or not level.with_offers or not network.mixed.any():
        return 0.0
    return INCLINED / (1.0 + float(network.offered.sum()))


def _price_of_row(duals: dict[str, FloatArray], name: str) -> float:
    """Return the price of a block of one row; 0 if the programme has no such block."""
    return float(np.maximum(0.0, duals[name][0])) if name in duals else 0.0
