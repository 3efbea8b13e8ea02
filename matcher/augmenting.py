"""From one best matching to the next along augmenting walks: a pair forced in, a person taken out or put in."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.arrays import BoolArray
from matcher.residual import Residual, Walks

__all__ = ["MARGIN", "force_pair", "insert_mentee", "insert_mentor", "push_out"]

MARGIN = 1e-6
"""A gain of weight up to this is within the gap that counts as closed, and is not promised to anyone."""


def force_pair(residual: Residual, mentor: int, mentee: int) -> BoolArray | None:
    """Return a best matching among those that hold a pair, which is acceptable and not chosen.

    Returns
    -------
    ndarray of bool, shape (n_mentors, n_mentees), or None
        None if the pair does not go together with the pinned ones.

    Notes
    -----
    The pair closes a cycle with a walk from the mentee back to the mentor: straight, which changes nobody's coverage,
    or over the outside. Both are best walks in the residual network of a best matching, so no other matching is
    better (Busacker and Gowen, 1960).
    """
    n_mentors = residual.shape[0]
    source, target = n_mentors + mentee, mentor
    chosen = residual.chosen.copy()
    same = np.flatnonzero(residual.chosen[mentor] & (residual.person == residual.person[mentee]))
    if len(same):  # the mentor fills another column of this board, which has to let go
        if residual.pinned[mentor, same[0]]:
            return None
        target = n_mentors + int(same[0])
        chosen[mentor, same[0]] = False
    chosen[mentor, mentee] = True
    outside = np.array([residual.exits.worth[source], residual.entries.worth[target]])
    coverage, priority, weight = (float(part.sum()) for part in residual.ladder.split(outside))
    straight = residual.walks_between(source, target, -np.inf if coverage or priority else weight)
    direct = float(straight.worth[target])
    if max(direct, weight) == -np.inf:
        return None
    if direct == -np.inf or residual.ladder.is_gain((coverage, priority, weight - direct), residual.ladder.noise):
        _follow(residual, chosen, residual.exits.nodes(source))
        _follow(residual, chosen, residual.entries.nodes(target)[::-1])
    else:
        _follow(residual, chosen, straight.nodes(target)[::-1])
    return chosen


def push_out(residual: Residual, node: int) -> Residual | None:
    """Return the best matching without the pairs of a node; None if one of them is pinned.

    Notes
    -----
    One unit after the other leaves along the best walk, while nothing may enter at the node.
    """
    n_mentors = residual.shape[0]
    pairs = residual.load[0][node] if node < n_mentors else residual.load[1][node - n_mentors]
    if pairs == 0:
        return residual
    rest = replace(residual, closed=node)
    while (rest.chosen[node] if node < n_mentors else rest.chosen[:, node - n_mentors]).any():
        walks = rest.entries if node < n_mentors else rest.exits
        if walks.worth[node] == -np.inf:
            return None
        nodes = walks.nodes(node)
        chosen = rest.chosen.copy()
        _follow(rest, chosen, nodes[::-1] if node < n_mentors else nodes)
        rest = replace(rest, chosen=chosen)
    return replace(rest, closed=-1)


def insert_mentee(residual: Residual, mentee: int, known: Walks | None = None) -> Residual:
    """Return the best matching when a mentee without pairs may have as many as she wants.

    Her person has one column. `known` are the entries, where they have been worked out already.
    """
    n_mentors = residual.shape[0]
    while n_mentors and residual.load[1][mentee] < residual.wanted[mentee]:
        entries = residual.entries if known is None else known
        known = None
        offered = residual.open[:, mentee] + entries.worth[:n_mentors]
        mentor = int(offered.argmax())
        coverage, priority, weight = (float(part[0]) for part in residual.ladder.split(offered[[mentor]]))
        person = int(residual.person[mentee])
        if residual.by_person and residual.load[2][person] == 0:
            coverage, priority = coverage + 1, priority + float(residual.priority[person])
        if not residual.ladder.is_gain((coverage, priority, weight), residual.ladder.noise):
            break
        chosen = residual.chosen.copy()
        chosen[mentor, mentee] = True
        _follow(residual, chosen, entries.nodes(mentor)[::-1])
        residual = replace(residual, chosen=chosen)
    return residual


def insert_mentor(residual: Residual, mentor: int) -> Residual:
    """Return the best matching when a mentor without pairs may have as many as there are places."""
    n_mentors, n_mentees = residual.shape
    while n_mentees and residual.load[0][mentor] < residual.places[mentor]:
        offered = residual.open[mentor] + residual.exits.worth[n_mentors : n_mentors + n_mentees]
        mentee = int(offered.argmax())
        coverage, priority, weight = (float(part[0]) for part in residual.ladder.split(offered[[mentee]]))
        if not residual.ladder.is_gain((coverage, priority, weight), residual.ladder.noise):
            break
        chosen = residual.chosen.copy()
        chosen[mentor, mentee] = True
        _follow(residual, chosen, residual.exits.nodes(n_mentors + mentee))
        residual = replace(residual, chosen=chosen)
    return residual


def _follow(residual: Residual, chosen: BoolArray, nodes: Sequence[int]) -> None:
    """Let the pairs along a walk enter and leave `chosen`."""
    n_mentors, n_both = residual.shape[0], sum(residual.shape)
    for here, there in itertools.pairwise(nodes):
        if max(here, there) >= n_both:  # between a column and its board
            continue
        if here < n_mentors:
            chosen[here, there - n_mentors] = True
        elif there < n_mentors:
            chosen[there, here - n_mentors] = False
        else:
            _hand_over(residual, chosen, here - n_mentors, there - n_mentors)


def _hand_over(residual: Residual, chosen: BoolArray, column: int, other: int) -> None:
    """Let the mentor for whom it gains most change between two columns of a board."""
    may = residual.chosen[:, column] & ~residual.pinned[:, column] & (residual.weights[:, other] > -np.inf)
    movers = np.flatnonzero(may)
    gains = residual.weights[movers, other] - residual.weights[movers, column]
    mentor = int(movers[gains.argmax()])
    chosen[mentor, column], chosen[mentor, other] = False, True
