"""The terms of a programme: every text is kept, with its version; members keep which one they agreed to, and when."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Person, Programme, ProgrammeTerms
from webapp.services.consents import note_consent
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.settings import lock_programme, note_change
from webapp.services.transaction import transaction

LONGEST = 10_000


@dataclass(frozen=True)
class TermsText:
    """One text as it was written; a correction has the version of the text before it."""

    number: int
    version: int
    text: str
    since: datetime
    by: str


@dataclass(frozen=True)
class TermsHistory:
    """The terms as their coordinator sees them; `texts` from the newest."""

    text: str
    version: int
    fingerprint: str
    texts: tuple[TermsText, ...]
    joined: int
    agreed: int


@dataclass(frozen=True)
class MyTerms:
    """What a member agreed to, and what holds now."""

    programme: str
    slug: str
    contact: str
    version: int
    text: str
    agreed_version: int
    agreed_text: str
    agreed_at: datetime | None
    is_asked: bool
    adult_at: datetime | None  # when she said, as a student, that she is 18 or older


def is_asked_anew(membership: Membership, programme: Programme) -> bool:
    """Whether somebody who takes part agreed to an older version than the one that holds.

    Whoever joined before versions were kept agreed to the first.
    """
    takes_part = membership.status in {"active", "paused"} and (membership.is_mentor or membership.is_mentee)
    has_joined = membership.joined_at is not None
    return takes_part and has_joined and (membership.terms_version or 1) < programme.terms_version


def read_terms(session: Session, programme_id: uuid.UUID) -> TermsHistory:
    """Return the terms with all their texts, and how many members agreed to those of today. Three queries."""
    programme = session.get(Programme, programme_id, populate_existing=True)
    if programme is None:
        raise NotFoundError
    here = _takes_part(programme_id)
    agreed = func.coalesce(Membership.terms_version, 1) >= programme.terms_version
    joined, of_today = session.execute(
        select(func.count(), func.count().filter(agreed)).select_from(Membership).where(*here)
    ).one()
    return TermsHistory(
        text=programme.terms,
        version=programme.terms_version,
        fingerprint=_fingerprint(programme),
        texts=tuple(reversed(_texts(session, programme))),
        joined=joined,
        agreed=of_today,
    )


def change_terms(
    session: Session,
    programme_id: uuid.UUID,
    text: str,
    *,
    is_correction: bool,
    fingerprint: str,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Write a new text, as a new version unless it only corrects a typing error; return the version that holds.

    Raises
    ------
    ConflictError
        Somebody else wrote one since the form was opened.
    InvalidInputError
        The text is empty or too long.

    """
    text = _plain(text)
    if not text or len(text) > LONGEST:
        raise InvalidInputError({"text": "long" if text else "empty"})
    with transaction(session):
        programme = lock_programme(session, programme_id)
        if _fingerprint(programme) != fingerprint:
            raise ConflictError("terms")
        if text == programme.terms:
            return programme.terms_version
        number = _keep_first(session, programme)
        version = programme.terms_version + (0 if is_correction else 1)
        session.add(
            ProgrammeTerms(
                programme_id=programme_id,
                number=number + 1,
                version=version,
                text=text,
                by_person_id=by,
                created_at=now,
            )
        )
        programme.terms, programme.terms_version = text, version
        facts = {"version": version, "correction": is_correction}
        note_change(session, programme_id, "terms.changed", facts, by=by, now=now)
        return version


def read_my_terms(session: Session, slug: str, *, person_id: uuid.UUID) -> MyTerms:
    """Return the terms that a member agreed to beside those of today; NotFoundError to whoever has not joined."""
    membership, programme = _mine(session, slug, person_id)
    version = membership.terms_version or 1
    return MyTerms(
        programme=programme.name,
        slug=programme.slug,
        contact=programme.contact,
        version=programme.terms_version,
        text=programme.terms,
        agreed_version=version,
        agreed_text=_text_at(_texts(session, programme), version, membership.terms_agreed_at),
        agreed_at=membership.terms_agreed_at,
        is_asked=is_asked_anew(membership, programme),
        adult_at=membership.adult_confirmed_at,
    )


def agree_to_terms(session: Session, slug: str, *, person_id: uuid.UUID, version: int, now: datetime) -> None:
    """Keep that a member agrees to the terms of today; saying it twice changes nothing.

    Raises
    ------
    ConflictError
        They are others than she read.

    """
    with transaction(session):
        membership, programme = _mine(session, slug, person_id, lock=True)
        if programme.terms_version != version:
            raise ConflictError("terms")
        if not is_asked_anew(membership, programme):
            return
        membership.terms_version, membership.terms_agreed_at = version, now
        note_consent(session, person_id, "terms", value=version, programme_id=programme.id, now=now)
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=programme.id,
                action="terms.agreed",
                subject=f"membership {membership.id}",
                facts={"version": version},
                created_at=now,
            )
        )


def _plain(text: str) -> str:
    """Return one sentence a line, without blank lines and the ends that browsers add."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _fingerprint(programme: Programme) -> str:
    return hashlib.sha256(f"{programme.terms_version} {programme.terms}".encode()).hexdigest()[:16]


def _keep_first(session: Session, programme: Programme) -> int:
    """Return the number of the last text; what stood before texts were kept is written down as the first."""
    last = session.scalar(select(func.max(ProgrammeTerms.number)).where(ProgrammeTerms.programme_id == programme.id))
    if last is not None:
        return last
    first = {"number": 1, "version": programme.terms_version, "text": programme.terms}
    session.add(ProgrammeTerms(programme_id=programme.id, **first, created_at=programme.created_at))
    return 1


def _texts(session: Session, programme: Programme) -> Sequence[TermsText]:
    """Return all texts, from the first."""
    rows = session.execute(
        select(ProgrammeTerms, Person.name)
        .outerjoin(Person, Person.id == ProgrammeTerms.by_person_id)
        .where(ProgrammeTerms.programme_id == programme.id)
        .order_by(ProgrammeTerms.number)
    ).all()
    if not rows:
        return [TermsText(1, programme.terms_version, programme.terms, programme.created_at, "")]
    return [TermsText(row.number, row.version, row.text, row.created_at, name or "") for row, name in rows]


def _text_at(texts: Sequence[TermsText], version: int, at: datetime | None) -> str:
    """Return the text of a version as it stood in a moment."""
    of_version = [one for one in texts if one.version == version] or list(texts[:1])
    then = [one for one in of_version if at is None or one.since <= at]
    return (then or of_version[:1])[-1].text


def _takes_part(programme_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.programme_id == programme_id,
        Membership.status.in_(("active", "paused")),
        Membership.joined_at.is_not(None),
        or_(Membership.is_mentor, Membership.is_mentee),
    )


def _mine(session: Session, slug: str, person_id: uuid.UUID, *, lock: bool = False) -> tuple[Membership, Programme]:
    query = (
        select(Membership, Programme)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Programme.slug == slug, Membership.person_id == person_id, Membership.joined_at.is_not(None))
        .where(Membership.status.in_(("active", "paused")), or_(Membership.is_mentor, Membership.is_mentee))
        .execution_options(populate_existing=True)
    )
    found = session.execute(query.with_for_update(of=Membership, key_share=True) if lock else query).one_or_none()
    if found is None:
        raise NotFoundError("membership")
    return found[0], found[1]
