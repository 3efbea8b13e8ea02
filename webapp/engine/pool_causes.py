"""Who cannot be matched as things stand, and the commonest cause over everybody on the other side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.codes import Code
from matcher.pool import Pool
from matcher.scoring import CHUNK, Settings, pair_minutes, score
from webapp.engine.boards import columns_by_member

NO_PLACE = "no_place"  # somebody would fit, but none of them has a place or the minutes left
NOBODY = "nobody"  # there is nobody on the other side at all
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cause:
    """The commonest cause: of `others` on the other side it is that of `count`; and the second."""

    cause: str  # a reason code in small letters, `no_place` or `nobody`
    count: int = 0
    others: int = 0
    second: str = ""
    second_count: int = 0


def who_is_stuck(
    pool: Pool, settings: Settings, places: Ints, tell: Callable[[float], None]
) -> tuple[dict[int, Cause], dict[int, Cause]]:
    """Return the mentees and the mentors with places for whom no acceptable pair has a place, by position.

    All pairs are scored, in chunks of mentees; `tell` is told the share done. Of a board nobody fits in any place; it
    is told under the first column, and counts as one mentee.
    """
    boards = columns_by_member(pool)
    first = np.zeros(pool.shape[1], dtype=np.bool_)
    first[[columns[0] for columns in boards.values()]] = True
    n_mentors, n_mentees = pool.shape
    takes = pair_minutes(pool, settings)
    room = np.array([0 if m.paused or not m.places else m.minutes for m in pool.mentors], dtype=np.int64)
    stuck: dict[int, Cause] = {}
    useful = np.zeros(n_mentors, dtype=np.bool_)
    causes = np.zeros((n_mentors, len(Code)), dtype=np.int64)
    for start in range(0, n_mentees, CHUNK):
        stop = min(start + CHUNK, n_mentees)
        codes = score(pool, settings, slice(start, stop)).codes
        has_place = (codes == Code.ACCEPTABLE) & (room[:, np.newaxis] >= takes[start:stop])
        useful |= has_place.any(axis=1)
        causes += _count(codes[:, first[start:stop]])
        alone = np.flatnonzero(~has_place.any(axis=0))
        for column, counted in zip(alone.tolist(), _count(codes[:, alone].T), strict=True):
            stuck[start + column] = _cause(counted.tolist(), n_mentors)
        tell(stop / n_mentees)
    able = (places > 0) & ~useful
    if len(boards) < n_mentees:
        wanting = [[one for one in columns if pool.mentees[one].wanted] for columns in boards.values()]
        stuck = {columns[0]: stuck[columns[0]] for columns in wanting if columns and stuck.keys() >= set(columns)}
    return stuck, {row: _cause(causes[row].tolist(), len(boards)) for row in np.flatnonzero(able).tolist()}


def _count(codes: NDArray[np.int8]) -> Ints:
    """Count the codes of each row, in one pass."""
    rows = np.arange(len(codes), dtype=np.int64)[:, np.newaxis] * len(Code)
    counted = np.bincount((codes + rows).ravel(), minlength=len(codes) * len(Code))
    return counted.reshape(len(codes), len(Code))


def _cause(counted: Sequence[int], others: int) -> Cause:
    """Name the commonest cause; oneself is no cause, and one that fits but has no place counts before all."""
    if others and counted[Code.ACCEPTABLE]:
        return Cause(NO_PLACE, counted[Code.ACCEPTABLE], others)
    found = [(counted[code], code.name.lower()) for code in Code if counted[code] and code is not Code.SELF]
    found.sort(key=lambda entry: -entry[0])
    if not found:
        return Cause(NOBODY)
    (count, cause), (second_count, second) = [*found, (0, "")][:2]
    return Cause(cause, count, others, second, second_count)
