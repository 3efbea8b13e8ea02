"""Two people kept apart by one of them: silent for the other, and taken back by whoever did it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import AuditEvent, Exclusion, Membership, Message, Offer, Person
from webapp.services import letter_steps as steps
from webapp.services import offer_steps
from webapp.services.errors import NotFoundError
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class Blocked:
    """Somebody a person keeps away from herself."""

    person_id: uuid.UUID
    name: str


def block_writer(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> str:
    """Keep the other one of a letter away, both ways and in every programme that both are in; return the name.

    Their open letters rest and open offers are declined, as by an ordinary answer: the other one reads nothing of
    this. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this person.

    """
    with transaction(session):
        letter = session.get(Message, letter_id)
        if letter is None:
            raise NotFoundError(f"letter {letter_id}")
        side = steps.side_of(letter, person_id)
        other = (letter.mentee if side == "mentor" else letter.mentor).person
        pairs = _shared(session, person_id, other.id)
        # Time and offers before memberships and letters: the order that answers lock them in.
        open_offers = select(Offer.id).where(Offer.state == "open", _between(Offer, pairs))
        offers = offer_steps.lock_offers(session, session.scalars(open_offers).all())
        _lock(session, pairs)
        for offer in offers:
            _decline(session, offer, person_id, now)
        offer_steps.settle_rounds(session, [offer.round_id for offer in offers])
        open_letters = select(Message.id).where(Message.state.in_(steps.OPEN), _between(Message, pairs))
        for each in steps.lock_letters(session, session.scalars(open_letters).all()):
            _close(session, each, person_id, now)
        for mine, theirs in pairs:
            _exclude(session, mine, theirs, person_id, now)
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=letter.mentor.programme_id,
                action="exclusion.blocked",
                subject=f"letter:{letter.id}",
                facts={},
                created_at=now,
            )
        )
        return other.name


def unblock(session: Session, other_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> str:
    """Take back what this person herself made; whatever a coordinator ruled stays. Returns the name.

    Raises
    ------
    NotFoundError
        She keeps nobody of that kind away.

    """
    with transaction(session):
        found = session.execute(_blocks(person_id).where(Person.id == other_id)).all()
        if not found:
            raise NotFoundError(f"block of {other_id}")
        session.execute(delete(Exclusion).where(Exclusion.id.in_([row.exclusion_id for row in found])))
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=found[0].programme_id,
                action="exclusion.unblocked",
                subject=f"membership:{found[0].membership_id}",
                facts={},
                created_at=now,
            )
        )
        return str(found[0].name)


def list_blocked(session: Session, person_id: uuid.UUID) -> list[Blocked]:
    """Return whom a person keeps away, by name. One query."""
    names = {row.id: row.name for row in session.execute(_blocks(person_id))}
    return [Blocked(key, name) for key, name in sorted(names.items(), key=lambda one: one[1].casefold())]


def _blocks(person_id: uuid.UUID) -> Any:
    """Return the query of the exclusions that a person made of herself, with the other one of each."""
    mine, theirs = aliased(Membership), aliased(Membership)
    return (
        select(
            Exclusion.id.label("exclusion_id"),
            theirs.id.label("membership_id"),
            theirs.programme_id,
            Person.id,
            Person.name,
        )
        .join(mine, or_(mine.id == Exclusion.mentor_id, mine.id == Exclusion.mentee_id))
        .join(theirs, or_(theirs.id == Exclusion.mentor_id, theirs.id == Exclusion.mentee_id))
        .join(Person, Person.id == theirs.person_id)
        .where(Exclusion.by_person_id == person_id, mine.person_id == person_id, theirs.person_id != person_id)
    )


def _shared(session: Session, person_id: uuid.UUID, other_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the memberships of the two, programme by programme."""
    mine, theirs = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(mine.id, theirs.id)
        .join(theirs, theirs.programme_id == mine.programme_id)
        .where(mine.person_id == person_id, theirs.person_id == other_id)
        .order_by(mine.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _lock(session: Session, pairs: list[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Lock the memberships of the two, so that two clicks come one after the other."""
    ids = sorted({key for pair in pairs for key in pair})
    locked = select(Membership.id).where(Membership.id.in_(ids)).order_by(Membership.id)
    session.execute(locked.with_for_update(key_share=True)).all()


def _between(table: type[Message | Offer], pairs: list[tuple[uuid.UUID, uuid.UUID]]) -> ColumnElement[bool]:
    ids = [key for pair in pairs for key in pair]
    return and_(table.mentor_id.in_(ids), table.mentee_id.in_(ids))


def _decline(session: Session, offer: Offer, person_id: uuid.UUID, now: datetime) -> None:
    """Say no to an open offer in her name, as she could have done herself."""
    if offer.state != "open":
        return  # answered between the look and the lock
    if offer.mentor.person_id == person_id:
        offer.mentor_answer, offer.mentor_answered_at, other = "no", now, "mentee"
    else:
        offer.mentee_answer, offer.mentee_answered_at, other = "no", now, "mentor"
    offer_steps.close(session, offer, "declined", now=now)
    offer_steps.write_mail(session, "offer_declined", offer, other)


def _close(session: Session, letter: Message, person_id: uuid.UUID, now: datetime) -> None:
    """Close a letter as if it were by an ordinary answer: nobody reads more into it."""
    if letter.mentor.person_id == person_id:
        letter.reason = "blocked"
        steps.close(letter, "not_now", now=now)
        steps.tell(session, "not_now", letter, "mentee")
    else:
        steps.close(letter, "withdrawn", now=now)
        steps.tell(session, "withdrawn", letter, "mentor")


def _exclude(session: Session, mine: uuid.UUID, theirs: uuid.UUID, person_id: uuid.UUID, now: datetime) -> None:
    both = (mine, theirs)
    rows = session.execute(
        select(Exclusion.mentor_id, Exclusion.mentee_id).where(
            Exclusion.mentor_id.in_(both), Exclusion.mentee_id.in_(both)
        )
    )
    known = {(row.mentor_id, row.mentee_id) for row in rows}
    for mentor_id, mentee_id in ((mine, theirs), (theirs, mine)):
        if (mentor_id, mentee_id) not in known:
            session.add(Exclusion(mentor_id=mentor_id, mentee_id=mentee_id, by_person_id=person_id, created_at=now))
