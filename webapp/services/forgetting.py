"""Deleting an account: what is hers goes, what others share with her ends kindly, and numbers stay without a name."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, undefer

from config import Config
from webapp.models import (
    AuditEvent,
    ImportBatch,
    LoginAttempt,
    Membership,
    MenteeRequest,
    MentorOffer,
    Offer,
    OfferAsk,
    OfferMessage,
    Person,
    Programme,
)
from webapp.services import offer_steps as steps
from webapp.services import throttle
from webapp.services.accounts import Visitor
from webapp.services.errors import ForbiddenError, InvalidInputError, NotFoundError
from webapp.services.forgotten_rows import OF_MEMBERSHIP, OF_PERSON
from webapp.services.letter_forgetting import end_letters
from webapp.services.logins import hash_token
from webapp.services.outbox import recall
from webapp.services.parting import lock_all, offers_of, pairs_of, part
from webapp.services.passwords import NO_PASSWORD, verify_password
from webapp.services.transaction import transaction
from webapp.services.washing import wash

FORMER = "Former member"


@dataclass(frozen=True)
class Forgetting:
    """What deleting the account would do, and what stands in its way."""

    programmes: tuple[str, ...]
    offers: int
    pairs: int
    is_last_operator: bool
    alone: tuple[tuple[str, str], ...]  # slug and name of programmes that she alone coordinates

    @property
    def is_possible(self) -> bool:
        return not self.is_last_operator and not self.alone


@dataclass(frozen=True)
class Forgotten:
    """Whom to forget outside the database as well."""

    name: str
    email: str


def read_forgetting(session: Session, person_id: uuid.UUID) -> Forgetting:
    """Return what deleting the account would do."""
    person = session.get(Person, person_id)
    if person is None or person.deleted_at is not None:
        raise NotFoundError("person")
    return _look(session, person)


def forget_person(
    session: Session,
    person_id: uuid.UUID,
    *,
    password: str,
    visitor: Visitor,
    config: Config,
    forget_files: Callable[[Forgotten], object],
    now: datetime,
) -> None:
    """Delete an account, all in one transaction; `forget_files` deletes what files hold of her.

    The files go before the commit: were the process killed between the two, nobody would know her name any more.

    Raises
    ------
    InvalidInputError
        The password is not hers.
    ForbiddenError
        She is the only operator, or the only coordinator of a programme: others depend on her.
    ConflictError
        An offer was made to her or answered, or a mail to her is on its way, at this very moment; nothing was changed.

    """
    known = session.execute(select(Person.email, Person.password_hash).where(Person.id == person_id)).one()
    limits = throttle.login_limits(known.email, visitor.address, config)
    with transaction(session):
        throttle.count_try(session, limits, now=now)
    if not verify_password(known.password_hash, password, config):
        raise InvalidInputError({"password": "wrong"})
    with transaction(session):
        mine = _memberships(session, person_id)
        ids = {one.id for one in mine}
        offers = lock_all(session, ids, also=_fellow_coordinators(session, mine))
        person = _lock_person(session, person_id, known.password_hash)
        if not _look(session, person).is_possible:
            raise ForbiddenError("others depend on her")
        for offer in offers:
            part(session, offer, ids, by=person_id, now=now)
        steps.settle_rounds(session, {offer.round_id for offer in offers})
        end_letters(session, ids, now=now)
        forgotten = Forgotten(person.name, person.email)
        for membership in mine:
            _leave(session, membership, now)
        recall(session, person_id, now=now)
        # Marked before the rows go: the guard of the history of consents lets the lines of a deleted account go.
        person.deleted_at = now
        session.flush()
        _forget_rows(session, person_id, ids)
        _forget_talk(session, ids)
        _forget_imports(session, mine)
        _forget_tries(session, person.email, {person_id, *ids}, config)
        wash(session, person, now=now)
        _empty(person)
        session.flush()
        forget_files(forgotten)
    session.expire_all()  # what was read before stands in no row any more


def _lock_person(session: Session, person_id: uuid.UUID, password_hash: str) -> Person:
    """Return her, locked with all operators, so that of the last two only one can go at the same moment."""
    query = select(Person).where(or_(Person.id == person_id, Person.is_operator)).order_by(Person.id)
    people = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    person = next((one for one in people if one.id == person_id), None)
    if person is None or person.deleted_at is not None or person.password_hash != password_hash:
        raise NotFoundError("person")
    return person


def _look(session: Session, person: Person) -> Forgetting:
    mine = _memberships(session, person.id)
    ids = {one.id for one in mine}
    running = session.scalars(pairs_of(ids)).all()
    other = aliased(Membership)
    colleague = exists().where(
        other.programme_id == Membership.programme_id,
        other.id != Membership.id,
        other.is_coordinator,
        other.status == "active",
    )
    others = (Person.is_operator, Person.id != person.id, Person.deleted_at.is_(None))
    alone = session.execute(
        select(Programme.slug, Programme.name)
        .join(Membership, Membership.programme_id == Programme.id)
        .where(Membership.person_id == person.id, Membership.is_coordinator, Membership.status == "active", ~colleague)
        .order_by(Programme.name)
    ).all()
    names = select(Programme.name).join(Membership).where(Membership.id.in_(ids), Membership.status != "left")
    return Forgetting(
        programmes=tuple(session.scalars(names.order_by(Programme.name))),
        offers=len(session.scalars(offers_of(ids)).all()) - len(running),
        pairs=len(running),
        is_last_operator=person.is_operator and not session.scalar(select(exists().where(*others))),
        alone=tuple((slug, name) for slug, name in alone),
    )


def _memberships(session: Session, person_id: uuid.UUID) -> Sequence[Membership]:
    query = select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _fellow_coordinators(session: Session, mine: Sequence[Membership]) -> set[uuid.UUID]:
    """Return the coordinators beside her: locked, so that of the last two only one can go at the same moment."""
    coordinated = [one.programme_id for one in mine if one.is_coordinator]
    here = select(Membership.id).where(Membership.programme_id.in_(coordinated), Membership.is_coordinator)
    return set(session.scalars(here))


def _leave(session: Session, membership: Membership, now: datetime) -> None:
    """Let the membership stand for somebody who was there: its numbers stay, her words go."""
    membership.status, membership.is_coordinator = "left", False
    membership.asked_at = membership.invited_at = membership.reminded_at = None
    membership.priority = 0.0
    mine = {"membership_id": membership.id}
    session.execute(
        update(MentorOffer)
        .filter_by(**mine)
        .values(topics=[], stages_welcome=[], about="", paused_from=None, paused_until=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(MenteeRequest)
        .filter_by(**mine)
        .values(topics=[], specialties=[], goal="")
        .execution_options(synchronize_session=False)
    )
    session.add(
        AuditEvent(
            by_person_id=membership.person_id,
            programme_id=membership.programme_id,
            action="membership.forgotten",
            subject=f"membership:{membership.id}",
            facts={},
            created_at=now,
        )
    )


def _forget_rows(session: Session, person_id: uuid.UUID, membership_ids: set[uuid.UUID]) -> None:
    for tables, owners in ((OF_PERSON, {person_id}), (OF_MEMBERSHIP, membership_ids)):
        for table, columns in tables:
            hers = or_(*(table.__table__.c[column].in_(owners) for column in columns))
            session.execute(delete(table).where(hers).execution_options(synchronize_session=False))


def _forget_talk(session: Session, membership_ids: set[uuid.UUID]) -> None:
    """Take out what the two of an offer asked each other, and how to reach her for a call; that they spoke stays."""
    hers = select(Offer.id).where(or_(Offer.mentor_id.in_(membership_ids), Offer.mentee_id.in_(membership_ids)))
    gone = delete(OfferMessage).where(OfferMessage.offer_id.in_(hers))
    emptied = update(OfferAsk).where(OfferAsk.offer_id.in_(hers)).values(place="", choices=[])
    for statement in (gone, emptied):
        session.execute(statement.execution_options(synchronize_session=False))


def _forget_imports(session: Session, mine: Sequence[Membership]) -> None:
    """Take her out of what undoing an import would need: it can still be undone for the others."""
    gone = {str(one.id) for one in mine} | {str(one.person_id) for one in mine}
    batches = session.scalars(
        select(ImportBatch)
        .where(ImportBatch.programme_id.in_([one.programme_id for one in mine]), ImportBatch.undo.is_not(None))
        .options(undefer(ImportBatch.undo))
        .with_for_update()
    )
    for batch in batches:
        undo = batch.undo or {}
        if any(key in gone for key in undo.get("marks", {})):
            batch.undo = {
                name: [key for key in part if key not in gone]
                if isinstance(part, list)
                else {key: value for key, value in part.items() if key not in gone}
                for name, part in undo.items()
            }


def _forget_tries(session: Session, email: str, her_ids: set[uuid.UUID], config: Config) -> None:
    throttle.forget(session, email, config)
    asked = [hash_token(str(key)) for key in her_ids]
    session.execute(delete(LoginAttempt).where(LoginAttempt.key_hash.in_(asked)))


def _empty(person: Person) -> None:
    # A domain that never has mail (RFC 2606).
    person.name, person.email, person.pronouns = FORMER, f"{person.id.hex}@former.invalid", ""
    person.password_hash, person.email_verified_at = NO_PASSWORD, None
    person.zone, person.language, person.theme = "UTC", "en", ""
    person.minutes_cap, person.is_operator = None, False
