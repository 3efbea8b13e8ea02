"""The single steps that answers, deadlines and the coordinator share; all run inside their caller's transaction.

Everybody locks in one order: the mentors' time by id, then the mentees' memberships, then the offers, then rounds.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.engine.bookings import ONCE, meeting_minutes
from webapp.models import (
    AuditEvent,
    Exclusion,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Offer,
    Person,
    Round,
)
from webapp.services import outbox
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError
from webapp.services.ledger import lock_time, release, reserve_locked
from webapp.services.students import awaits_word, lacks_approval

LATE_DAYS = 3  # for the other side, when one says yes after the deadline
ANSWERABLE = frozenset({"published", "active"})  # states of a round in which its offers may be answered


def lock_offers(session: Session, offer_ids: Collection[uuid.UUID]) -> list[Offer]:
    """Return these offers as they stand now, with all rows locked that an answer counts on."""
    pairs = session.execute(select(Offer.mentor_id, Offer.mentee_id).where(Offer.id.in_(offer_ids))).all()
    lock_time(session, {pair.mentor_id for pair in pairs})
    lock_memberships(session, {pair.mentee_id for pair in pairs})
    query = (
        select(Offer)
        .where(Offer.id.in_(offer_ids))
        .options(
            joinedload(Offer.mentor).joinedload(Membership.person),
            joinedload(Offer.mentor).joinedload(Membership.offer),
            joinedload(Offer.mentor).joinedload(Membership.programme),
            joinedload(Offer.mentee).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Offer.mentee).joinedload(Membership.request),
            joinedload(Offer.round),
        )
        .order_by(Offer.id)
        .with_for_update(of=Offer, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def lock_offer(session: Session, offer_id: uuid.UUID) -> Offer:
    offers = lock_offers(session, [offer_id])
    if not offers:
        raise NotFoundError(f"offer {offer_id}")
    return offers[0]


def lock_memberships(session: Session, membership_ids: Iterable[uuid.UUID]) -> None:
    """Lock these memberships, on which the mentors that a mentee has are counted."""
    ids = list(membership_ids)
    query = select(Membership.id).where(Membership.id.in_(ids)).order_by(Membership.id)
    session.execute(query.with_for_update(key_share=True)).all()


def mentors_held(session: Session, mentee_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many mentors each of these mentees has or is being offered; one talk makes nobody a mentor."""
    query = (
        select(Offer.mentee_id, func.count().label("held"))
        .where(Offer.mentee_id.in_(list(mentee_ids)), Offer.holds_minutes, ~Offer.once)
        .group_by(Offer.mentee_id)
    )
    return {row.mentee_id: row.held for row in session.execute(query)}


def mentors_wanted(mentee: Membership) -> int:
    return mentee.request.mentors_wanted if mentee.request is not None else 0


def is_away(offer: MentorOffer, day: date) -> bool:
    """Whether the mentor takes nobody new on this day."""
    if offer.paused_from is None or day < offer.paused_from:
        return False
    return offer.paused_until is None or day <= offer.paused_until


def why_not_now(mentor: Membership, mentee: Membership, *, now: datetime) -> str:
    """Return what keeps these two apart now, but for room: "", left, paused, adult or student_not_approved."""
    if (
        mentor.offer is None
        or mentor.offer.is_provisional
        or mentee.request is None
        or not mentor.is_mentor
        or not mentee.is_mentee
    ):
        return "left"
    if {mentor.status, mentee.status} & {"left", "pending", "invited"} or not (mentor.joined_at and mentee.joined_at):
        return "left"
    today = now.astimezone(ZoneInfo(mentor.programme.zone)).date()
    paused = "paused" in {mentor.status, mentee.status} or is_away(mentor.offer, today)
    if paused:
        return "paused"
    if awaits_word(mentor) or awaits_word(mentee):
        return "adult"
    return "student_not_approved" if lacks_approval(mentor, mentee) else ""


def is_barred(session: Session, mentor: Membership, mentee: Membership) -> bool:
    """Whether the two must not be paired, by a rule or because one of them said so."""
    excluded = exists().where(Exclusion.mentor_id == mentor.id, Exclusion.mentee_id == mentee.id)
    same = (Interest.mentor_id == mentor.id, Interest.mentee_id == mentee.id)
    unwanted = exists().where(*same, Interest.verdict == "not_for_me")
    return bool(session.scalar(select(or_(excluded, unwanted))))


def hold(session: Session, offer: Offer, *, why: str, now: datetime) -> None:
    """Reserve the mentor's time for an offer; the caller holds the lock on it."""
    starts_on = offer.programme.starts_on
    time_id = time_of(offer.mentor).id
    places = places_of(offer)
    reserve_locked(
        session, time_id, offer.minutes, offer_id=offer.id, starts_on=starts_on, why=why, now=now, places=places
    )
    offer.holds_minutes = True


def places_of(offer: Offer) -> int:
    """Return the places that an offer takes: one talk and a shadow day take minutes alone."""
    return 0 if offer.once else 1


def give_back(session: Session, offer: Offer, *, why: str, now: datetime) -> None:
    """Return the mentor's time that an offer holds, if it holds any."""
    if offer.holds_minutes:
        time_id, places = time_of(offer.mentor).id, places_of(offer)
        release(session, time_id, offer.minutes, offer_id=offer.id, why=why, now=now, places=places)
        offer.holds_minutes = False


def close(session: Session, offer: Offer, state: str, *, now: datetime) -> None:
    """Close an offer that comes to nothing; the mentor's time returns at once."""
    give_back(session, offer, why=state, now=now)
    offer.state, offer.closed_at = state, now


def accept(session: Session, offer: Offer, *, now: datetime) -> uuid.UUID:
    """Make a mentorship of an offer to which both said yes, and send each the other's address."""
    programme = offer.programme
    offer.state, offer.closed_at = "accepted", now
    mentorship = Mentorship(
        id=uuid.uuid4(),
        offer_id=offer.id,
        mentor_id=offer.mentor_id,
        mentee_id=offer.mentee_id,
        cadence=ONCE if offer.once else programme.cadence,
        meeting_minutes=offer.minutes if offer.once else meeting_minutes(programme, offer.minutes),
        slot_weekday=offer.slot_weekday,
        slot_minute=offer.slot_minute,
        slot_week=offer.slot_week,
        created_at=now,
    )
    session.add(mentorship)
    if not offer.once:
        offer.mentee.priority = 0.0  # her turn has come
    for side in ("mentor", "mentee"):
        write_mail(session, "offer_accepted", offer, side)
    return mentorship.id


def settle_rounds(session: Session, round_ids: Iterable[uuid.UUID | None]) -> None:
    """Let rounds pass from published to active once no offer of theirs is open."""
    # The lock makes two that close the last two offers at once look one after the other.
    query = select(Round).where(Round.id.in_(set(round_ids) - {None}), Round.state == "published").order_by(Round.id)
    session.flush()  # the count below must see the offers as they are about to be
    for round_ in session.scalars(query.with_for_update(of=Round, key_share=True)):
        if not session.scalar(select(exists().where(Offer.round_id == round_.id, Offer.state == "open"))):
            round_.state = "active"


def write_mail(session: Session, template: str, offer: Offer, side: str) -> None:
    """Tell one side what became of an offer, once for each deadline it had."""
    member = offer.mentor if side == "mentor" else offer.mentee
    outbox.write(
        session,
        template=template,
        person_id=member.person_id,
        params={"offer_id": str(offer.id), "side": side},
        unique_key=f"{template}:{offer.id}:{side}:{offer.deadline_at:%Y%m%d%H%M}",
    )


def note(session: Session, action: str, offer: Offer, *, by: uuid.UUID | None, now: datetime, **facts: object) -> None:
    """Write down who did what to an offer."""
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=offer.mentor.programme_id,
            action=action,
            subject=f"offer:{offer.id}",
            facts=facts,
            created_at=now,
        )
    )


def is_answerable(offer: Offer) -> bool:
    """Whether an answer may count by where its round stands; what came of a letter belongs to none."""
    return offer.round is None or offer.round.state in ANSWERABLE


def check_wanted(session: Session, mentee: Membership) -> None:
    """Refuse to take a mentee beyond the mentors she asked for; her membership is locked by the caller."""
    if mentors_held(session, [mentee.id]).get(mentee.id, 0) >= mentors_wanted(mentee):
        raise NoRoomError("wanted")


def late_deadline(now: datetime) -> datetime:
    return now + timedelta(days=LATE_DAYS)


def minutes_for(request: MenteeRequest, programme_minutes: int) -> int:
    """Return the minutes a month of a pair: the programme's, unless the mentee asked for less."""
    return min(programme_minutes, request.minutes_a_month or programme_minutes)


def time_of(mentor: Membership) -> MentorOffer:
    if mentor.offer is None:
        raise NotFoundError(f"mentor_offer of {mentor.id}")
    return mentor.offer


def check_unpaired(session: Session, mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> None:
    """Raise ConflictError where the two are paired already, or are being offered to each other."""
    pair = (Offer.mentor_id == mentor_id, Offer.mentee_id == mentee_id, Offer.holds_minutes)
    if session.scalar(select(exists().where(*pair))):
        raise ConflictError("paired")
