"""The smallest edit of her own answers that gives somebody left out a partner, confirmed exactly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.boards import columns_of, with_answers
from matcher.edits import Edit, mentee_edits, mentor_edits
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings
from matcher.variants import mentee_variants, mentor_variants
from matcher.what_if import WhatIf

__all__ = ["FoundEdit", "find_mentee_edit", "find_mentor_edit"]


@dataclass(frozen=True, slots=True)
class FoundEdit:
    """What a search found.

    Attributes
    ----------
    edit : Edit or None
        The first edit of the catalogue that is enough; None if none was found.
    weights : FloatArray or None
        Her column or row with the edit; the columns of her board, shape (n_mentors, n).
    complete : bool
        Whether every edit before it, or all of them, were tried; not so if time ran out.
    """

    edit: Edit | None
    weights: FloatArray | None = None
    complete: bool = True


def find_mentee_edit(
    what_if: WhatIf, pool: Pool, settings: Settings, mentee: int, *, time_limit: float | None = None
) -> FoundEdit:
    """Find the smallest edit that gives a mentee without a mentor one in every best matching.

    Parameters
    ----------
    what_if
        Of the problem that was built from `pool` and `settings`.
    pool, settings
        The people, and what the programme decides.
    mentee
        Her column, or one of her board; nobody mentors her.
    time_limit
        Seconds after which to give up where each edit needs a solve; None for no limit.

    Returns
    -------
    FoundEdit

    Notes
    -----
    All edits are scored at once, against the mentors who are within reach for some weight at all. Each
    is confirmed by the best walk that would bring her a mentor, or by a solve; with a solve she has one in the best
    matching that was found. On a board an edit changes all columns: who has no mentor yet gets her first along a walk
    to one of them, whatever the others are. A topic more is no edit of hers, for each place keeps to its own.
    """
    if len(columns_of(what_if.problem, mentee)) > 1:
        return _board_edit(what_if, pool, settings, mentee, time_limit=time_limit)
    if what_if.problem.mentee_capacity[mentee] == 0:
        return FoundEdit(None)
    offered = frozenset(topic for mentor in pool.mentors for topic in mentor.topics)
    before = what_if.problem.chunk(mentee, mentee + 1)[:, 0]
    rows = what_if.within_reach(mentee)
    near = pool.take(mentors=rows)

    def scored(edits: Sequence[Edit]) -> FloatArray:
        variants = [edit.mentee for edit in edits if edit.mentee is not None]
        found = score(mentee_variants(near, mentee, [pool.mentees[mentee], *variants]), settings)
        columns = np.full((len(edits), len(before)), np.nan)
        columns[:, rows] = _keep_closed(before[rows], found.weights.T, found.shared_minutes.T)
        return columns

    def enough(_edits: Sequence[Edit], columns: FloatArray) -> Iterable[bool]:
        if what_if.walks_for(mentee):
            return map(bool, what_if.covers(mentee, columns.T))
        return (_better(before, column) and len(what_if.mentee(mentee, column).own) > 0 for column in columns)

    return _first(mentee_edits(pool.mentees[mentee], pool.taxonomy, offered), scored, enough, time_limit)


def find_mentor_edit(
    what_if: WhatIf, pool: Pool, settings: Settings, mentor: int, *, time_limit: float | None = None
) -> FoundEdit:
    """Find the smallest edit that gives a mentor without a mentee one in every best matching; as `find_mentee_edit`."""
    needed = frozenset(topic for mentee in pool.mentees for topic in mentee.topics)
    before = what_if.problem.weights[mentor]

    def scored(edits: Sequence[Edit]) -> FloatArray:
        variants = [edit.mentor for edit in edits if edit.mentor is not None]
        found = score(mentor_variants(pool, mentor, [pool.mentors[mentor], *variants]), settings)
        return _keep_closed(before, found.weights, found.shared_minutes)

    def enough(edits: Sequence[Edit], rows: FloatArray) -> Iterable[bool]:
        limits = [(edit.mentor.places, edit.mentor.minutes) for edit in edits if edit.mentor is not None]
        rooms = [what_if.room(*limit) for limit in limits]
        if what_if.walks_for_mentors and None not in rooms:
            return (bool(fit) and room != 0 for fit, room in zip(what_if.occupies(rows), rooms, strict=True))
        roomy = [edit.key == "room" for edit in edits]
        return (
            (more or _better(before, row)) and len(what_if.mentor(mentor, row, *limit).own) > 0
            for more, row, limit in zip(roomy, rows, limits, strict=True)
        )

    return _first(mentor_edits(pool.mentors[mentor], pool.taxonomy, settings, needed), scored, enough, time_limit)


def _board_edit(what_if: WhatIf, pool: Pool, settings: Settings, mentee: int, *, time_limit: float | None) -> FoundEdit:
    """Find the smallest edit of all columns of a board."""
    columns = columns_of(what_if.problem, mentee)
    open_ = np.flatnonzero(what_if.problem.mentee_capacity[columns] > 0)
    before = what_if.problem.weights[:, columns]

    def scored(edits: Sequence[Edit]) -> FloatArray:
        table = np.empty((len(edits), len(before), len(columns)))
        for place, column in enumerate(columns.tolist()):
            own = pool.mentees[column]
            changed = [edit.mentee for edit in edits if edit.mentee is not None]
            variants = [replace(own, windows=one.windows, specialties=one.specialties) for one in changed]
            found = score(mentee_variants(pool, column, [own, *variants]), settings)
            table[:, :, place] = _keep_closed(before[:, place], found.weights.T, found.shared_minutes.T)
        return table

    def enough(_edits: Sequence[Edit], tables: FloatArray) -> Iterable[bool]:
        if what_if.walks_for_uncovered:
            fit = [what_if.covers(int(columns[place]), tables[:, :, place].T) for place in open_.tolist()]
            return map(bool, np.any(fit, axis=0))
        return (_better(before, one) and len(with_answers(what_if, columns, one).own) > 0 for one in tables)

    if not len(open_):
        return FoundEdit(None)
    edits = mentee_edits(pool.mentees[mentee], pool.taxonomy, frozenset())  # without topics
    return _first(edits, scored, enough, time_limit)


def _first(
    edits: Iterable[Edit],
    scored: Callable[[Sequence[Edit]], FloatArray],
    enough: Callable[[Sequence[Edit], FloatArray], Iterable[bool]],
    time_limit: float | None,
) -> FoundEdit:
    """Return the first edit that is enough, trying them in order."""
    deadline = np.inf if time_limit is None else monotonic() + time_limit
    catalogue = list(edits)
    table = scored(catalogue) if catalogue else np.empty((0, 0))
    for edit, weights, found in zip(catalogue, table, enough(catalogue, table), strict=True):
        if found:
            return FoundEdit(edit, weights)
        if monotonic() > deadline:
            return FoundEdit(None, complete=False)
    return FoundEdit(None)


def _keep_closed(before: FloatArray, weights: FloatArray, shared: IntArray) -> FloatArray:
    """Keep pairs closed that had no time though the rules allow them, but where an edit gives the two more hours.

    The first row of `weights` and of `shared` minutes is the person as she is.
    """
    closed = np.isnan(before) & ~np.isnan(weights[0]) & (shared[1:] <= shared[0])
    return np.where(closed, np.nan, weights[1:])


def _better(before: FloatArray, after: FloatArray) -> bool:
    """Return whether some pair became acceptable or better; without one there is nothing to confirm."""
    return bool((np.nan_to_num(after, nan=-1.0) > np.nan_to_num(before, nan=-1.0)).any())
