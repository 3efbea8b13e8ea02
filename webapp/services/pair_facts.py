"""What is known about single pairs: who is together, who was, who must not be."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.models import Exclusion, Interest, Membership, Mentorship, Offer
from webapp.services.fits import Side


@dataclass(frozen=True)
class Standing:
    """What other people's answers change about a programme's members."""

    had: Counter[uuid.UUID]  # mentors that each mentee has, or may get by an open offer
    wished: Counter[str]  # mentees interested in each mentor
    mentees: int  # in the programme


def said_and_barred(
    session: Session, membership_id: uuid.UUID, side: Side
) -> tuple[dict[uuid.UUID, str], dict[str, str]]:
    """Return what a member said of whom, in order, and whom she cannot be paired with, by a code of the engine.

    One query. What stands last holds: a pair of today is told as one, whatever else is known.
    """
    mine = membership_id
    rows = session.execute(_about(mine, side)).all()
    order = {"FORMER_PAIR": 0, "EXCLUDED": 1, "CONFLICT": 2, "ALREADY_PAIRED": 3}
    said: dict[uuid.UUID, str] = {}
    barred: dict[str, str] = {}
    for mentor, mentee, kind, code, _moment, _id in sorted(rows, key=lambda row: (order.get(row[3], 1), *row[4:])):
        if mine != (mentor if side == "mentor" else mentee):
            continue
        other = mentee if side == "mentor" else mentor
        if kind == "said":
            said[other] = code
        else:
            barred[str(other)] = code
    return said, barred


def _about(mine: uuid.UUID, side: Side) -> CompoundSelect[Any]:
    """Select what is known of one member and others: mentor, mentee, whether she said it or it bars, the code."""

    def facts(row: type[Interest | Exclusion | Mentorship | Offer], kind: str, code: Any, *where: Any) -> Select[Any]:
        columns = row.mentor_id, row.mentee_id, literal(kind), code, row.created_at, row.id
        return select(*columns).where(or_(row.mentor_id == mine, row.mentee_id == mine), *where)

    return union_all(
        facts(Interest, "said", Interest.verdict, Interest.side == side),
        facts(Exclusion, "bars", Exclusion.code),
        # The other one's "not for me" is nobody's business: told as an exclusion is.
        facts(Interest, "bars", literal("EXCLUDED"), Interest.side != side, Interest.verdict == "not_for_me"),
        facts(Mentorship, "bars", literal("FORMER_PAIR"), Mentorship.status.in_(["completed", "ended"])),
        facts(Mentorship, "bars", literal("ALREADY_PAIRED"), Mentorship.status.in_(["active", "paused"])),
        facts(Offer, "bars", literal("ALREADY_PAIRED"), Offer.state == "open"),
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
        select(Mentorship.mentee_id).where(Mentorship.mentee_id.in_(here), Mentorship.status.in_(["active", "paused"])),
        select(Offer.mentee_id).where(Offer.mentee_id.in_(here), Offer.state == "open"),
    )
