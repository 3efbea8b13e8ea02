"""What is known about single pairs: who is together, who was, who must not be."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.engine.bookings import ONCE
from webapp.models import Exclusion, Interest, Membership, Mentorship, Offer
from webapp.services.fits import Side


@dataclass(frozen=True)
class Standing:
    """What other people's answers change about a programme's members."""

    had: Counter[uuid.UUID]  # mentors that each mentee has, or may get by an open offer
    wished: Counter[str]  # mentees interested in each mentor
    mentees: int  # in the programme


@dataclass(frozen=True)
class Word:
    """What a member said of somebody: interested or not for me; the rank of a favourite, or the reason against."""

    verdict: str
    rank: int
    reason: str


def said_and_barred(
    session: Session, membership_id: uuid.UUID, side: Side
) -> tuple[dict[uuid.UUID, Word], dict[str, str], set[str]]:
    """Return what a member said of whom, favourites in their order, and whom she cannot be paired with, by code.

    Last come those whom she is paired with already, for more than one talk. One query; the codes are the engine's.
    What stands last holds: a pair of today is told as one, whatever else is known.
    """
    mine = membership_id
    rows = session.execute(_about(mine, side)).all()
    order = {"FORMER_PAIR": 0, "EXCLUDED": 1, "CONFLICT": 2, "ALREADY_PAIRED": 3}
    said: dict[uuid.UUID, Word] = {}
    barred: dict[str, str] = {}
    paired: set[str] = set()
    in_order = sorted(rows, key=lambda row: (order.get(row[3], 1), row[4], *row[6:]))
    for mentor, mentee, kind, code, rank, reason, _moment, _id in in_order:
        if mine != (mentor if side == "mentor" else mentee):
            continue
        other = mentee if side == "mentor" else mentor
        if kind == "said":
            said[other] = Word(code, rank, reason)
        else:
            barred[str(other)] = code
            if kind == "bars" and code == "ALREADY_PAIRED":
                paired.add(str(other))
    return said, barred, paired


def _about(mine: uuid.UUID, side: Side) -> CompoundSelect[Any]:
    """Select what is known of one member and others: mentor, mentee, whether she said it or it bars, the code."""

    def facts(row: type[Interest | Exclusion | Mentorship | Offer], kind: str, code: Any, *where: Any) -> Select[Any]:
        own = (Interest.rank, Interest.reason) if kind == "said" else (literal(0), literal(""))
        columns = row.mentor_id, row.mentee_id, literal(kind), code, *own, row.created_at, row.id
        return select(*columns).where(or_(row.mentor_id == mine, row.mentee_id == mine), *where)

    return union_all(
        facts(Interest, "said", Interest.verdict, Interest.side == side),
        facts(Exclusion, "bars", Exclusion.code),
        # The other one's "not for me" is nobody's business: told as an exclusion is.
        facts(Interest, "bars", literal("EXCLUDED"), Interest.side != side, Interest.verdict == "not_for_me"),
        # Who have talked once may still be a pair.
        facts(
            Mentorship,
            "bars",
            literal("FORMER_PAIR"),
            Mentorship.status.in_(["completed", "ended"]),
            Mentorship.cadence != ONCE,
        ),
        # Who have one talk before them are barred from each other, and neither is the other's mentor by it.
        facts(
            Mentorship,
            "talks",
            literal("ALREADY_PAIRED"),
            Mentorship.status.in_(["active", "paused"]),
            Mentorship.cadence == ONCE,
        ),
        facts(Offer, "talks", literal("ALREADY_PAIRED"), Offer.state == "open", Offer.once),
        facts(
            Mentorship,
            "bars",
            literal("ALREADY_PAIRED"),
            Mentorship.status.in_(["active", "paused"]),
            Mentorship.cadence != ONCE,
        ),
        facts(Offer, "bars", literal("ALREADY_PAIRED"), Offer.state == "open", ~Offer.once),
    )


def standing_in(session: Session, programme_id: uuid.UUID, *, only: Collection[uuid.UUID] | None = None) -> Standing:
    """Return where the members of a programme stand; all, or what concerns some. One query."""
    wished = (
        select(literal("wished"), Interest.mentor_id, func.count())
        .join(Membership, Membership.id == Interest.mentor_id)
        .where(Membership.programme_id == programme_id, Interest.side == "mentee", Interest.verdict == "interested")
        .group_by(Interest.mentor_id)
    )
    if only is not None:
        wished = wished.where(Interest.mentor_id.in_(only))
    together = _together(programme_id, only).subquery()
    had = select(literal("had"), together.c[0], func.count()).group_by(together.c[0])
    mentees = select(literal("mentees"), null(), func.count()).where(
        Membership.programme_id == programme_id,
        Membership.is_mentee,
        Membership.status == "active",
        Membership.joined_at.is_not(None),
    )
    rows = session.execute(union_all(wished, had, mentees)).all()
    return Standing(
        had=Counter({key: number for kind, key, number in rows if kind == "had"}),
        wished=Counter({str(key): number for kind, key, number in rows if kind == "wished"}),
        mentees=next(number for kind, _key, number in rows if kind == "mentees"),
    )


def _together(programme_id: uuid.UUID, only: Collection[uuid.UUID] | None) -> CompoundSelect[uuid.UUID]:
    here = select(Membership.id).where(Membership.programme_id == programme_id)
    if only is not None:
        here = here.where(Membership.id.in_(only))
    return union_all(
        select(Mentorship.mentee_id).where(
            Mentorship.mentee_id.in_(here), Mentorship.status.in_(["active", "paused"]), Mentorship.cadence != ONCE
        ),
        select(Offer.mentee_id).where(Offer.mentee_id.in_(here), Offer.state == "open", ~Offer.once),
    )
