"""Meetings that cannot all be placed: a smallest set that holds one which found no start."""

from collections.abc import Iterator, Sequence
from time import monotonic

from matcher.placement import Plan
from matcher.placement_search import can_all_meet

__all__ = ["find_unplaceable"]

SETS = 200
"""How many smaller sets are tried, the smallest first, before the set found is taken."""


def find_unplaceable(plan: Plan, missed: int, placed: Sequence[int], deadline: float) -> tuple[int, ...] | None:
    """
    Find a smallest set of meetings beside which another cannot be placed.

    Parameters
    ----------
    plan : Plan
    missed : int
        The meeting that found no start.
    placed : sequence of int
        Those that have one.
    deadline : float
        On the clock of `time.monotonic`.

    Returns
    -------
    tuple of int, or None
        Some of `placed`, which leave `missed` no start wherever they are put; without any one of them it has
        one. None if no such set was proved in time, or there is none.

    Notes
    -----
    Rings around the meeting are added until they leave no start, then each meeting that is not needed is taken out
    (deletion filter). Last, up to `SETS` smaller sets that hang together are tried: if that is all of them, the set is
    the smallest there is; else it is the smallest found. Everything placed can be placed, so a set without `missed`
    never fails.

    References
    ----------
    J. W. Chinneck and E. W. Dravnieks (1991), Locating minimal infeasible constraint sets in linear programs.
    """
    around = _surround(plan, missed, placed, deadline)
    if around is None:
        return None
    needed = _filter(plan, missed, around, deadline)
    for tried, smaller in enumerate(_connected(plan, missed, set(placed), len(needed))):
        if tried >= SETS or monotonic() >= deadline:
            break
        if can_all_meet(plan, (missed, *smaller), deadline) is False:
            return tuple(sorted(smaller))
    return tuple(sorted(needed))


def _surround(plan: Plan, missed: int, placed: Sequence[int], deadline: float) -> list[int] | None:
    """Return the nearest meetings that together leave no start."""
    order = plan.reach(missed, placed)[1:]
    size = min(len(order), len([one for one in order if one in plan.beside[missed]]))
    while True:
        if can_all_meet(plan, (missed, *order[:size]), deadline) is False:
            return order[:size]
        if size == len(order) or monotonic() >= deadline:
            return None
        size = min(len(order), 2 * size + 1)


def _filter(plan: Plan, missed: int, around: list[int], deadline: float) -> list[int]:
    """Take out, the farthest first, what is not needed to leave no start."""
    needed = list(around)
    for one in reversed(around):
        rest = [other for other in needed if other != one]
        if can_all_meet(plan, (missed, *rest), deadline) is False:
            needed = rest
    return needed


def _connected(plan: Plan, missed: int, allowed: set[int], below: int) -> Iterator[tuple[int, ...]]:
    """Yield the sets of fewer meetings than `below` that hang together with `missed`, the smallest first."""
    layer: set[frozenset[int]] = {frozenset()}
    for _ in range(1, below):
        wider: set[frozenset[int]] = set()
        for chosen in sorted(layer, key=sorted):
            near = {other for one in (missed, *chosen) for other in plan.beside[one]} & allowed - chosen
            for other in sorted(near):
                larger = chosen | {other}
                if larger not in wider:
                    wider.add(larger)
                    yield tuple(sorted(larger))
        layer = wider
