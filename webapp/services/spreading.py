"""Whom a mentee sees first: the best fit for whom there is room among the firsts, so that one star is not everyone's.

A mentor is the first card of at most ceil(2 x mentees / mentors) mentees. Who is whose first card is kept, because a
limit that is worked out anew at each visit cannot be held: two visits at once would both take the last of it.
"""

import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import FirstCard, Membership
from webapp.services.fits import Fit, Ordered
from webapp.services.transaction import transaction

LOOKED_AT = 40  # mentors whose firsts are counted in one query
AGAIN = timedelta(hours=1)
ASKED = 12  # mentees at most who are asked to move on, so that a page stays quick


@dataclass(frozen=True)
class Move:
    """A mentee to whom a mentor becomes the first card."""

    mentee: uuid.UUID
    mentor: uuid.UUID


Look = Callable[[uuid.UUID], Ordered | None]
"""Gives everybody in the order of one mentee; nothing if she takes part no more."""


def most_firsts(mentors: int, mentees: int) -> int:
    """Return how many mentees may see one mentor first."""
    return -(-2 * mentees // max(1, mentors))


def first_fit(
    session: Session, me: uuid.UUID, ordered: Ordered, most: int, *, of_others: Look, now: datetime
) -> Fit | None:
    """Return the mentor whom a mentee sees first, and keep it; nothing where nobody is possible.

    Where every mentor whom she can have is the first of `most` others already, one of those moves on to another mentor
    who is possible for her; `of_others` gives her order. Where that does not help either (so few are free when they
    are), it is the mentor who is first for the fewest. One query, and a write only when it is somebody else than at
    the last visit.
    """
    fewest: tuple[int, Fit] | None = None
    for start in range(0, ordered.possible, LOOKED_AT):
        fits = ordered[start : min(start + LOOKED_AT, ordered.possible)]
        holders = _holders(session, [fit.id for fit in fits])
        for fit in fits:
            before = _before(holders[fit.id], me)
            if before < most and (me in holders[fit.id] or _take(session, [Move(me, fit.id)], most, now=now)):
                return fit
            # All others, not only those before her: of the last to come each would stay where she is.
            others = len(holders[fit.id]) - (me in holders[fit.id])
            if fewest is None or others < fewest[0]:
                fewest = others, fit
    return _crowded_first(session, me, ordered, most, fewest[1], of_others=of_others, now=now) if fewest else None


def _crowded_first(
    session: Session, me: uuid.UUID, ordered: Ordered, most: int, fewest: Fit, *, of_others: Look, now: datetime
) -> Fit:
    """Let another mentee move on, if one can; looked for again after an hour at the earliest, for it takes a while."""
    kept = session.scalar(select(FirstCard).where(FirstCard.mentee_id == me))
    held = ordered.of(kept.mentor_id) if kept else None
    if kept and kept.created_at > now - AGAIN and held is not None and held.key == "acceptable":
        return held
    moves = _find_moves(session, me, ordered, most, of_others)
    if moves and _take(session, moves, most, now=now):
        return ordered.of(moves[0].mentor) or fewest
    _take(session, [Move(me, fewest.id)], None, now=now)
    return fewest


def _find_moves(session: Session, me: uuid.UUID, ordered: Ordered, most: int, of_others: Look) -> list[Move]:
    """Look for the shortest chain of mentees, each taking the place of the next, whose last finds a mentor with room.

    A breadth-first search for an augmenting path (Berge, 1957), of which few are followed: each mentee that is asked
    is scored against everybody.
    """
    came: dict[uuid.UUID, Move | None] = {me: None}  # mentee -> who takes her mentor's place
    waiting = deque([(me, ordered)])
    asked = 0
    while waiting:
        who, order = waiting.popleft()
        possible = [fit.id for fit in order[: min(order.possible, LOOKED_AT)]]
        holders = _holders(session, possible)
        free = next((mentor for mentor in possible if len(holders[mentor]) < most), None)
        if free is not None:
            return _chain(came, Move(who, free))
        for mentor in possible:
            for holder in holders[mentor]:
                if holder in came or asked == ASKED:
                    continue
                came[holder], asked = Move(who, mentor), asked + 1
                theirs = of_others(holder)
                if theirs is not None:
                    waiting.append((holder, theirs))
    return []


def _chain(came: dict[uuid.UUID, Move | None], last: Move) -> list[Move]:
    moves = [last]
    while (before := came[moves[0].mentee]) is not None:
        moves.insert(0, before)
    return moves


def _holders(session: Session, mentors: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return the mentees who see each of these mentors first, in the order in which they came to."""
    query = (
        select(FirstCard.mentor_id, FirstCard.mentee_id)
        .join(Membership, Membership.id == FirstCard.mentee_id)
        .where(FirstCard.mentor_id.in_(mentors), Membership.status == "active", Membership.is_mentee)
        .order_by(FirstCard.created_at, FirstCard.id)
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for mentor, mentee in session.execute(query):
        found[mentor].append(mentee)
    return found


def _before(holders: Sequence[uuid.UUID], me: uuid.UUID) -> int:
    """Count those who came first; where fewer may see a mentor first than before, the last to come see another."""
    return holders.index(me) if me in holders else len(holders)


def _take(session: Session, moves: Sequence[Move], most: int | None, *, now: datetime) -> bool:
    """Let each mentee see another mentor first, the last of them one with room; not if others came between.

    Without `most`, room is not asked for.
    """
    with transaction(session):
        mentors = sorted({move.mentor for move in moves})
        # Whoever wants one of the same mentors waits at her row.
        query = select(Membership.id).where(Membership.id.in_(mentors)).order_by(Membership.id)
        session.scalars(query.with_for_update(key_share=True)).all()
        holders = _holders(session, mentors)
        # Whoever is to make room is still where she was.
        moved = any(move.mentee not in holders[before.mentor] for before, move in pairwise(moves))
        if moved or (most is not None and len(holders[moves[-1].mentor]) >= most):
            return False
        session.execute(delete(FirstCard).where(FirstCard.mentee_id.in_([move.mentee for move in moves])))
        session.add_all(FirstCard(mentor_id=move.mentor, mentee_id=move.mentee, created_at=now) for move in moves)
    return True
