"""Boards of mentors: a mentee who asked for a mentor of its own for each need is several columns of the engine's pool.

One column is one place: of its topics there is the need that it is for, and `board` joins her columns. This file alone
knows how columns are named; everything else asks it whose they are (`member_of`) and what for (`role_of`). Of whoever
has no board the column is the mentee herself, under her own key.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import BoolArray
from matcher.codes import Code
from matcher.people import Mentee
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings

Pair = tuple[int, int]
_MARK = "#"  # between a membership's id and a need


def open_roles(needs: Sequence[str], wanted: int, filled: Collection[str]) -> list[str]:
    """Return what the open places are for: the first needs that no mentor of hers fills; "" where none is left."""
    left = [need for need in needs if need not in filled]
    return [*left[:wanted], *[""] * (wanted - len(left))]


def member_of(mentee: Mentee) -> str:
    """Return the membership that a column is a place of."""
    return mentee.board or mentee.key


def role_of(mentee: Mentee) -> str:
    """Return the need that a column is for; nothing for one that is for any need."""
    return mentee.key.partition(_MARK)[2] if mentee.board else ""


def columns_from(mentee: Mentee, roles: Iterable[str], filled: Iterable[str]) -> list[Mentee]:
    """Return a mentee as her places: one column for each need, with as many mentors wanted as places are open for it.

    Filled places want nobody: `webapp.engine.posing.with_taken` makes room for the mentors who fill them.
    """
    wanted = Counter(roles)
    return [
        replace(
            mentee,
            key=f"{mentee.key}{_MARK}{role}",
            board=mentee.key,
            topics=(role,) if role else mentee.topics,
            wanted=wanted[role],
        )
        for role in dict.fromkeys([*wanted, *filled]) or [""]
    ]


def roles_held(snapshot: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the need that each mentor of a board fills, by the ids of both, for pairs that hold."""
    held = {(mentor, mentee) for mentor, mentee in snapshot.get("taken", [])}
    filled = {(mentor, plain["key"]): role for plain in snapshot["mentees"] for mentor, role in plain.get("filled", [])}
    return {pair: role for pair, role in filled.items() if pair in held}


def columns_by_member(pool: Pool) -> dict[str, list[int]]:
    """Return the columns of each mentee, by the id of her membership, in the pool's order."""
    found: dict[str, list[int]] = {}
    for column, mentee in enumerate(pool.mentees):
        found.setdefault(member_of(mentee), []).append(column)
    return found


def pairs_everywhere(pool: Pool, keys: Iterable[Sequence[str]]) -> list[Pair]:
    """Return pairs of ids as positions, in every place of the mentee, those of them who are in the pool."""
    mentors, columns = pool.positions[0], columns_by_member(pool)
    return [(mentors[j], column) for j, i in keys if j in mentors for column in columns.get(i, ())]


def pairs_held(pool: Pool, snapshot: Mapping[str, Any], keys: Iterable[Sequence[str]]) -> dict[tuple[str, str], Pair]:
    """Return pairs that hold as positions, by their ids, each in the place that it fills."""
    mentors, mentees = pool.positions
    roles = roles_held(snapshot)
    named = {(j, i): f"{i}{_MARK}{roles[j, i]}" if (j, i) in roles else i for j, i in keys}
    return {(j, i): (mentors[j], mentees[key]) for (j, i), key in named.items() if j in mentors and key in mentees}


def unplaced_pairs(pool: Pool, rows: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Return pairs that found no hour, as `webapp.engine.hours.plain_unplaced` tells them, as positions."""
    mentors, mentees = pool.positions
    named = ((row["mentor_id"], key) for row in rows for key in _keys_in(row))
    return [(mentors[j], mentees[i]) for j, i in named if j in mentors and i in mentees]


def _keys_in(row: Mapping[str, Any]) -> list[str]:
    mentee = row["mentee_id"]
    return [f"{mentee}{_MARK}{role}" for role in row["roles"]] if "roles" in row else [mentee]


def choose_place(
    pool: Pool, settings: Settings, mentor: int, columns: Sequence[int], *, role: str, taken: Mapping[int, int]
) -> int | None:
    """Return the open place that a mentor held by hand fills: the one for `role`, else the one she fits best.

    `taken` counts who is held in each column already; None where no place is left.
    """
    free = [column for column in columns if taken.get(column, 0) < pool.mentees[column].wanted]
    named = [column for column in free if role and role_of(pool.mentees[column]) == role]
    if len(free) < 2 or named:
        return next(iter([*named, *free]), None)
    found = score(pool.take([mentor], free), settings)
    worth = zip(found.codes[0] == Code.ACCEPTABLE, found.potential[0], strict=True)
    best = max(enumerate(worth), key=lambda entry: (*entry[1], -entry[0]))
    return free[best[0]]


def place_in(pool: Pool, settings: Settings, role: str, taken: Iterable[str]) -> int:
    """Return the column that one mentor, alone in a pool with one mentee, would fill; her first where none is open."""
    counts = Counter(taken)
    held = {column: counts[role_of(mentee)] for column, mentee in enumerate(pool.mentees)}
    return choose_place(pool, settings, 0, range(len(pool.mentees)), role=role, taken=held) or 0


def by_mentee(pool: Pool, marked: BoolArray) -> BoolArray:
    """Turn marks of pairs, (n_mentors, n_columns), into marks of mentor and mentee: in any of her places."""
    if pool.persons is None or not marked.size:
        return marked
    firsts = [columns[0] for columns in columns_by_member(pool).values()]  # her places stand beside each other
    return np.logical_or.reduceat(marked, firsts, axis=1)


def codes_on_board(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return what rules say of each mentor and one mentee, from her places, shape (n_mentors, n): the first, or none.

    Who may fill one of them is acceptable.
    """
    acceptable = (codes == Code.ACCEPTABLE).any(axis=1)
    return np.where(acceptable, np.int8(Code.ACCEPTABLE), codes[:, 0])
