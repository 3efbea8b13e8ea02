"""All that is kept about one person, for herself: every row that is hers, and of others the names she knows already."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    Achievement,
    AuditEvent,
    AvailabilityException,
    AvailabilityWindow,
    Base,
    Consent,
    EditOnBehalf,
    Goal,
    Interest,
    LetterBox,
    LoginSession,
    MailChoice,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Message,
    Offer,
    OfferAsk,
    OfferMessage,
    OutboxMessage,
    Person,
    Profile,
    Programme,
    RoundWithdrawal,
    TimeEntry,
    Trait,
)
from webapp.services.transaction import transaction

Rows = list[dict[str, Any]]
# Tables whose rows are taken out by columns, in the order of the file; pairs have functions of their own below.
COLUMNS: Mapping[type[Base], str] = MappingProxyType(
    {
        Person: "id email name pronouns zone language theme is_operator email_verified_at minutes_cap created_at",
        Profile: "institution city country stage specialties languages bio prompts brings visibility",
        Trait: "facts created_at",
        AvailabilityWindow: "weekday start_minute end_minute",
        AvailabilityException: "kind starts_on ends_on start_minute end_minute",
        Goal: "text due_on reached_at created_at",
        Achievement: "kind text achieved_on endorsed_at created_at",
        MailChoice: "kind created_at",
        Consent: "created_at kind subject value programme_id",
        Membership: "id programme_id is_mentor is_mentee is_coordinator status joined_at invited_at "
        "reminded_at asked_at terms_version terms_agreed_at adult_confirmed_at created_at",
        MentorOffer: "membership_id topics stages_welcome minutes_a_month places reserved_minutes "
        "reserved_places paused_from paused_until about is_provisional gives_mentoring "
        "gives_questions gives_shadow_days welcomes_students students_approved_at",
        MenteeRequest: "membership_id topics specialties mentors_wanted board minutes_a_month goal",
        LetterBox: "membership_id is_open a_week about week taken",
        TimeEntry: "created_at kind minutes month why",
        RoundWithdrawal: "round_id created_at",
        EditOnBehalf: "created_at fields seen_at",
        LoginSession: "created_at seen_at expires_at agent",
        OutboxMessage: "created_at template state sent_at",
        AuditEvent: "created_at action subject",
    }
)
PAIRS = (Interest, Offer, Mentorship, Message)
TALK = (OfferMessage, OfferAsk)
# Tables that refer to people and are left out, each with its reason.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "token": "one-time links, kept as hashes that lead nowhere",
        "first_card": "which suggestion stands first, worked out anew at the next visit",
        "exclusion": "what others said or a rule says of a pair, which no participant learns",
        "proposal": "pairs that were worked out and not published name third persons; those published are offers",
        "pair_rule": "what coordinators decided on pairs that name third persons",
        "board_edit": "changes that coordinators made to pairs that name third persons",
        "board_note": "what coordinators noted for each other; it may name third persons",
        "distinct_people": "that two entries are not one person, which says something of the other",
        "certificate_check": "who checked the arithmetic of a round; what somebody did herself is in the log",
        "job": "background work; who asked for it is in the log",
        "import_batch": "a coordinator's files of other people; that they were read is in the log",
        "programme_terms": "a programme's text; that somebody wrote it is in the log",
    }
)


def own_data(session: Session, person_id: uuid.UUID, *, now: datetime) -> dict[str, Rows]:
    """Return all rows that are hers, by table, as plain values; that it was taken out is written into the log."""
    with transaction(session):
        mine = session.scalars(select(Membership.id).where(Membership.person_id == person_id)).all()
        session.add(
            AuditEvent(
                by_person_id=person_id, action="privacy.export", subject=f"person:{person_id}", facts={}, created_at=now
            )
        )
        session.flush()  # this very line is hers too
        found: dict[str, Rows] = {}
        for table, names in COLUMNS.items():
            columns = [table.__table__.c[name] for name in names.split()]
            rows = session.execute(
                select(*columns).where(_is_hers(table, person_id, mine)).order_by(table.__table__.c.created_at)
            )
            found[table.__tablename__] = [_plain(row) for row in rows.mappings()]
        _name_programmes(session, found)
        found["interest"] = _wishes(session, mine)
        found["offer"] = _pairs(session, Offer, mine)
        found["mentorship"] = _pairs(session, Mentorship, mine)
        found["message"] = _pairs(session, Message, mine)
        for part in TALK:
            found[part.__tablename__] = _talk(session, part, mine)
    return found


def _is_hers(table: type[Base], person_id: uuid.UUID, mine: Iterable[uuid.UUID]) -> ColumnElement[bool]:
    columns = table.__table__.c
    if table is Person:
        return columns.id == person_id
    if table is AuditEvent:
        return columns.by_person_id == person_id
    if table is TimeEntry:
        return columns.mentor_offer_id.in_(select(MentorOffer.id).where(MentorOffer.membership_id.in_(mine)))
    return columns.person_id == person_id if "person_id" in columns else columns.membership_id.in_(mine)


def _name_programmes(session: Session, found: dict[str, Rows]) -> None:
    """Put the name of a programme beside its id."""
    ids = {row["programme_id"] for rows in found.values() for row in rows if row.get("programme_id")}
    named = session.execute(
        select(Programme.id, Programme.name).where(Programme.id.in_([uuid.UUID(one) for one in ids]))
    )
    names = {str(key): name for key, name in named}
    for rows in found.values():
        for row in rows:
            if row.get("programme_id"):
                row["programme"] = names.get(row["programme_id"], "")


def _wishes(session: Session, mine: Iterable[uuid.UUID]) -> Rows:
    """Return what she said of others; what they said of her is theirs."""
    mentor, mentee = aliased(Person), aliased(Person)
    as_mentor, as_mentee = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(Interest, mentor.name, mentee.name)
        .join(as_mentor, as_mentor.id == Interest.mentor_id)
        .join(as_mentee, as_mentee.id == Interest.mentee_id)
        .join(mentor, mentor.id == as_mentor.person_id)
        .join(mentee, mentee.id == as_mentee.person_id)
        .where(
            or_(
                and_(Interest.side == "mentor", Interest.mentor_id.in_(mine)),
                and_(Interest.side == "mentee", Interest.mentee_id.in_(mine)),
            )
        )
        .order_by(Interest.created_at)
    )
    return [
        _plain(
            {
                "about": mentee_name if one.side == "mentor" else mentor_name,
                "as": one.side,
                "said": one.verdict,
                "rank": one.rank,
                "reason": one.reason,
                "created_at": one.created_at,
            }
        )
        for one, mentor_name, mentee_name in rows
    ]


def _pairs(session: Session, table: type[Offer | Mentorship | Message], mine: Iterable[uuid.UUID]) -> Rows:
    """Return her offers, pairs or letters with the other's name; what the other answered, and why, is not hers."""
    ids = set(mine)
    mentor, mentee = aliased(Person), aliased(Person)
    as_mentor, as_mentee = aliased(Membership), aliased(Membership)
    rows: Any = session.execute(
        select(table, mentor.name, mentee.name)
        .join(as_mentor, as_mentor.id == table.mentor_id)
        .join(as_mentee, as_mentee.id == table.mentee_id)
        .join(mentor, mentor.id == as_mentor.person_id)
        .join(mentee, mentee.id == as_mentee.person_id)
        .where(or_(as_mentor.id.in_(ids), as_mentee.id.in_(ids)))
        .order_by(table.__table__.c.created_at)
    )
    found = []
    one: Offer | Mentorship | Message
    for one, mentor_name, mentee_name in rows:
        side = "mentor" if one.mentor_id in ids else "mentee"
        values = {"with": mentee_name if side == "mentor" else mentor_name, "as": side, "created_at": one.created_at}
        names = ["slot_weekday", "slot_minute", "slot_week"]
        if isinstance(one, Offer):
            names += ["state", "role", "minutes", "once", "is_shadow_day"]
            names += ["deadline_at", "closed_at", f"{side}_answer", f"{side}_answered_at"]
        elif isinstance(one, Message):  # both have read every word of it, but why she said not now
            names = ["state", "ask", "who", "why", "question", "asked_back", "reply", "due_at", "closed_at"]
            names += ["reason"] if side == "mentor" else []
        else:
            names += ["status", "cadence", "meeting_minutes", "agreement", "ended_at", "planned_on", "took_place"]
        found.append(_plain(values | {name: getattr(one, name) for name in names}))
    return found


def _talk(session: Session, table: type[OfferMessage | OfferAsk], mine: Iterable[uuid.UUID]) -> Rows:
    """Return what the two of an offer asked each other, as both have read it; how to reach the other is the other's."""
    ids = set(mine)
    query = select(table, Offer.mentor_id).join(Offer, Offer.id == table.offer_id)
    query = query.where(or_(Offer.mentor_id.in_(ids), Offer.mentee_id.in_(ids)))
    found = []
    rows: Any = session.execute(query.order_by(table.__table__.c.created_at))
    for one, mentor_id in rows:
        hers = one.side == ("mentor" if mentor_id in ids else "mentee")
        names = ["offer_id", "created_at"]
        if isinstance(one, OfferMessage):
            names += ["text"]
        else:
            names += ["kind", "state", "choices", "starts_at", "closed_at", *(["place"] if hers else [])]
        found.append(_plain({"by": "me" if hers else "the other"} | {name: getattr(one, name) for name in names}))
    return found


def _plain(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, uuid.UUID) else value
        for name, value in values.items()
    }
