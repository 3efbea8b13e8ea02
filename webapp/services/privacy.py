"""What a person decides about her own data: private facts, who sees what, which mails she gets."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, MailChoice, Person, Profile, Trait
from webapp.services.consents import ConsentLine, list_consents, note_consent
from webapp.services.errors import NotFoundError
from webapp.services.traits import TRAITS
from webapp.services.transaction import transaction
from webapp.services.visibility import FIELDS, LEVELS, Level, levels_of


@dataclass(frozen=True)
class Privacy:
    """All that the page shows."""

    traits: frozenset[str]
    levels: Mapping[str, Level]
    unwanted: frozenset[str]  # kinds of mail
    consents: tuple[ConsentLine, ...]


def read_privacy(session: Session, person_id: uuid.UUID) -> Privacy:
    """Return what a person has decided so far. Four queries."""
    facts = session.scalar(select(Trait.facts).where(Trait.person_id == person_id))
    chosen = session.scalar(select(Profile.visibility).where(Profile.person_id == person_id))
    return Privacy(
        traits=frozenset(facts or ()),
        levels=levels_of(chosen or {}),
        unwanted=unwanted_mails(session, person_id),
        consents=tuple(list_consents(session, person_id)),
    )


def unwanted_mails(session: Session, person_id: uuid.UUID) -> frozenset[str]:
    """Return the kinds of mail that a person has switched off."""
    return frozenset(session.scalars(select(MailChoice.kind).where(MailChoice.person_id == person_id)))


def save_traits(session: Session, person_id: uuid.UUID, facts: Collection[str], *, now: datetime) -> bool:
    """Keep which private facts a person tells, and forget the others at once; says whether anything changed.

    The history counts what was told and withdrawn. It never says which: what is taken back leaves no trace.
    """
    told = [fact for fact in TRAITS if fact in facts]
    with transaction(session):
        person = _lock(session, person_id)
        before = set(person.trait.facts) if person.trait else set()
        if before == set(told):
            return False
        if not told:
            person.trait = None
        elif person.trait is None:
            person.trait = Trait(person_id=person_id, facts=told, created_at=now)
        else:
            person.trait.facts = told
        for step, number in (("told", len(set(told) - before)), ("withdrawn", len(before - set(told)))):
            if number:
                note_consent(session, person_id, "traits", step, value=number, now=now)
        _audit(session, person_id, "privacy.traits", [], now)
    return True


def save_visibility(session: Session, person_id: uuid.UUID, wanted: Mapping[str, str], *, now: datetime) -> bool:
    """Keep who sees which field; says whether anything changed."""
    with transaction(session):
        person = _lock(session, person_id)
        if person.profile is None:
            person.profile = Profile(person_id=person_id, visibility={})
        before = levels_of(person.profile.visibility)
        changed = {
            name: level
            for name, level in wanted.items()
            if name in FIELDS and level in LEVELS and level != before[name]
        }
        if not changed:
            return False
        person.profile.visibility = {**person.profile.visibility, **changed}
        for name, level in changed.items():
            note_consent(session, person_id, "visibility", name, value=level, now=now)
        _audit(session, person_id, "privacy.visibility", sorted(changed), now)
    return True


def save_mail_choices(
    session: Session, person_id: uuid.UUID, unwanted: Collection[str], *, kinds: Collection[str], now: datetime
) -> bool:
    """Keep which of these kinds of mail a person does not want; says whether anything changed."""
    with transaction(session):
        _lock(session, person_id)
        before = unwanted_mails(session, person_id)
        after = frozenset(unwanted) & frozenset(kinds)
        changed = sorted((before ^ after) & frozenset(kinds))
        for kind in changed:
            if kind in after:
                session.add(MailChoice(person_id=person_id, kind=kind, created_at=now))
            else:
                session.execute(delete(MailChoice).where(MailChoice.person_id == person_id, MailChoice.kind == kind))
            note_consent(session, person_id, "mail", kind, value="off" if kind in after else "on", now=now)
        if changed:
            _audit(session, person_id, "privacy.mail", changed, now)
    return bool(changed)


def stop_mail(session: Session, person_id: uuid.UUID, kind: str, *, now: datetime) -> None:
    """Switch one kind of mail off, by the link in one of them; doing it twice changes nothing."""
    with transaction(session):
        _lock(session, person_id)
        if kind in unwanted_mails(session, person_id):
            return
        session.add(MailChoice(person_id=person_id, kind=kind, created_at=now))
        note_consent(session, person_id, "mail", kind, value="off", now=now)
        _audit(session, person_id, "privacy.mail", [kind], now)


def _lock(session: Session, person_id: uuid.UUID) -> Person:
    """Return the person, so that of two clicks at once the second sees what the first one did."""
    query = select(Person).where(Person.id == person_id, Person.deleted_at.is_(None))
    person = session.scalars(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if person is None:
        raise NotFoundError("person")
    return person


def _audit(session: Session, person_id: uuid.UUID, action: str, fields: list[str], now: datetime) -> None:
    session.add(
        AuditEvent(
            by_person_id=person_id,
            action=action,
            subject=f"person:{person_id}",
            facts={"fields": fields} if fields else {},
            created_at=now,
        )
    )
