"""Following a published round: reminding those who have not answered, and giving them more time."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import AuditEvent, Membership, Offer
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.nudges import lately_nudged, nudge_letter
from webapp.services.rounds import lock_round
from webapp.services.transaction import transaction

MOST_DAYS = 30


@dataclass(frozen=True)
class Waiting:
    """Who would get mail now: people with the offers they have not answered, and how many were reminded lately."""

    people: dict[uuid.UUID, list[str]]
    lately: int
    offers: int


def who_waits(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, offer_id: uuid.UUID | None, now: datetime
) -> Waiting:
    """Return whose answers are awaited, for a page that says so before any mail is written. Three queries."""
    _find(session, round_id, programme_id, offer_id)
    people, offers = _awaited(session, round_id, offer_id, now=now)
    lately = lately_nudged(session, round_id, now=now) & people.keys()
    return Waiting({key: mine for key, mine in people.items() if key not in lately}, len(lately), offers)


def remind_now(
    session: Session,
    round_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    offer_id: uuid.UUID | None = None,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Remind whoever has not answered, of one offer or all of the round; return how many mails that makes.

    Who was reminded within the last day gets none.

    Raises
    ------
    NotFoundError
        The programme has no such round, or the round no such offer.
    WrongStateError
        The round's offers cannot be answered any more.

    """
    with transaction(session):
        # The lock makes two who remind at once do it one after the other, and the second finds it done.
        lock_round(session, round_id, programme_id, tuple(steps.ANSWERABLE), "remind")
        _find(session, round_id, programme_id, offer_id)
        people, _offers = _awaited(session, round_id, offer_id, now=now)
        lately = lately_nudged(session, round_id, now=now)
        letters = [
            nudge_letter("hand", round_id, now, person_id, offers=offers, now=now)
            for person_id, offers in people.items()
            if person_id not in lately
        ]
        outbox.write_all(session, letters)
        if letters:
            facts = {"mails": len(letters)}
            session.add(_note("reminded", programme_id, round_id, offer_id, facts, by=by, now=now))
    return len(letters)


def extend_offers(
    session: Session,
    round_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    days: int,
    offer_id: uuid.UUID | None = None,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Move the deadline of one open offer, or of all of the round, and tell those who have not answered.

    Raises
    ------
    NotFoundError
        The programme has no such round, or the round no such offer.
    InvalidInputError
        `days` is not between 1 and 30.
    WrongStateError
        The round's offers cannot be answered any more.

    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInputError({"days": "range"})
    with transaction(session):
        _find(session, round_id, programme_id, offer_id)
        extended: list[Offer] = []
        # Offers first, then the round: everybody locks in this order.
        for offer in steps.lock_offers(session, _open_ids(session, round_id, offer_id, now=now)):
            if offer.state == "open" and offer.deadline_at > now:
                offer.deadline_at += timedelta(days=days)
                extended.append(offer)
        lock_round(session, round_id, programme_id, tuple(steps.ANSWERABLE), "extend")
        _tell(session, round_id, extended)
        if extended:
            facts = {"offers": len(extended), "days": days}
            session.add(_note("extended", programme_id, round_id, offer_id, facts, by=by, now=now))
    return len(extended)


def _tell(session: Session, round_id: uuid.UUID, offers: Iterable[Offer]) -> None:
    """Write one mail to everybody who has more time now; one for each new deadline, however often it is asked for."""
    mine: defaultdict[uuid.UUID, list[Offer]] = defaultdict(list)
    for offer in offers:
        for member, answer in ((offer.mentor, offer.mentor_answer), (offer.mentee, offer.mentee_answer)):
            if answer == "waiting":
                mine[member.person_id].append(offer)
    letters = []
    for person_id, hers in mine.items():
        until = max(offer.deadline_at for offer in hers)
        key = f"offer_extended:{hers[0].id if len(hers) == 1 else round_id}:{person_id}:{until:%Y%m%d%H%M}"
        letters.append(outbox.Letter("offer_extended", person_id, {"offers": [str(o.id) for o in hers]}, key))
    outbox.write_all(session, letters)


def _find(session: Session, round_id: uuid.UUID, programme_id: uuid.UUID, offer_id: uuid.UUID | None) -> None:
    """Refuse an offer that is not of this round and programme."""
    if offer_id is None:
        return
    found = session.scalar(
        select(Offer.id)
        .join(Membership, Membership.id == Offer.mentor_id)
        .where(Offer.id == offer_id, Offer.round_id == round_id, Membership.programme_id == programme_id)
    )
    if found is None:
        raise NotFoundError(f"offer {offer_id}")


def _open_ids(session: Session, round_id: uuid.UUID, offer_id: uuid.UUID | None, *, now: datetime) -> list[uuid.UUID]:
    query = select(Offer.id).where(Offer.round_id == round_id, Offer.state == "open", Offer.deadline_at > now)
    return list(session.scalars(query.where(Offer.id == offer_id) if offer_id else query))


def _awaited(
    session: Session, round_id: uuid.UUID, offer_id: uuid.UUID | None, *, now: datetime
) -> tuple[dict[uuid.UUID, list[str]], int]:
    """Return for each person the open offers that she has not answered, and how many offers that are."""
    mentor, mentee = aliased(Membership), aliased(Membership)
    query = (
        select(Offer.id, Offer.mentor_answer, mentor.person_id, Offer.mentee_answer, mentee.person_id)
        .join(mentor, mentor.id == Offer.mentor_id)
        .join(mentee, mentee.id == Offer.mentee_id)
        .where(Offer.round_id == round_id, Offer.state == "open", Offer.deadline_at > now)
        .order_by(Offer.created_at, Offer.id)
    )
    people: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    offers = 0
    for key, by_mentor, mentor_id, by_mentee, mentee_id in session.execute(
        query.where(Offer.id == offer_id) if offer_id else query
    ):
        offers += 1
        if by_mentor == "waiting":
            people[mentor_id].append(str(key))
        if by_mentee == "waiting":
            people[mentee_id].append(str(key))
    return people, offers


def _note(
    what: str,
    programme_id: uuid.UUID,
    round_id: uuid.UUID,
    offer_id: uuid.UUID | None,
    facts: dict[str, int],
    *,
    by: uuid.UUID,
    now: datetime,
) -> AuditEvent:
    kind, key = ("offer", offer_id) if offer_id else ("round", round_id)
    actions = {
        ("offer", "reminded"): "offer.reminded",
        ("round", "reminded"): "round.reminded",
        ("offer", "extended"): "offer.extended",
        ("round", "extended"): "round.extended",
    }
    return AuditEvent(
        by_person_id=by,
        programme_id=programme_id,
        action=actions[kind, what],
        subject=f"{kind}:{key}",
        facts=facts,
        created_at=now,
    )


@dataclass(frozen=True)
class Declined:
    """How often a reason was given for a no, and by which side."""

    side: str
    reason: str
    number: int


def declines_of(session: Session, round_id: uuid.UUID) -> list[Declined]:
    """Count the declines of a round by who said no and why, the commonest first. One query."""
    answers = (Offer.mentor_answer, Offer.decline_reason)
    counts: Counter[tuple[str, str]] = Counter()
    for answer, reason, number in session.execute(
        select(*answers, func.count()).where(Offer.round_id == round_id, Offer.state == "declined").group_by(*answers)
    ):
        counts["mentor" if answer == "no" else "mentee", reason] += number
    found = [Declined(side, reason, number) for (side, reason), number in counts.items()]
    return sorted(found, key=lambda line: (-line.number, line.side, line.reason))


def count_favoured(session: Session, programme_id: uuid.UUID) -> int:
    """Count the mentees who count for more in the next round, because this or an earlier one left them out."""
    query = select(func.count(Membership.id)).where(
        Membership.programme_id == programme_id,
        Membership.is_mentee,
        Membership.status.in_(("active", "paused")),
        Membership.priority > 0,
    )
    return session.scalar(query) or 0
