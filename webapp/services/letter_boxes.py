"""Whether people whom a mentor does not know may write to her, how many a week, and what a good letter holds."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, case, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, LetterBox, Membership, Programme
from webapp.services.errors import NotFoundError
from webapp.services.letter_text import clean_text
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class BoxFacts:
    """What her own page shows."""

    membership_id: uuid.UUID
    programme: str
    is_open: bool
    a_week: int
    about: str


def read_box(session: Session, slug: str, *, person_id: uuid.UUID) -> BoxFacts:
    """Return what a mentor said of letters; for whoever mentors nobody in the programme there is no such page."""
    membership, box = _find(session, slug, person_id)
    if box is None:
        return BoxFacts(membership.id, membership.programme.name, is_open=False, a_week=2, about="")
    return BoxFacts(membership.id, membership.programme.name, is_open=box.is_open, a_week=box.a_week, about=box.about)


def save_box(
    session: Session, slug: str, *, person_id: uuid.UUID, is_open: bool, a_week: int, about: str, now: datetime
) -> None:
    """Keep a mentor's word on letters; letters that wait stay, whatever she says now."""
    with transaction(session):
        membership, _box = _find(session, slug, person_id)
        # Her own row's lock makes two clicks come one after the other: the second finds the box that the first made.
        session.execute(select(Membership.id).where(Membership.id == membership.id).with_for_update(key_share=True))
        box = session.scalar(select(LetterBox).where(LetterBox.membership_id == membership.id).with_for_update())
        if box is None:
            box = LetterBox(membership_id=membership.id, created_at=now)
            session.add(box)
        box.is_open, box.a_week, box.about = is_open, a_week, clean_text(about)
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=membership.programme_id,
                action="letter.opened" if is_open else "letter.shut",
                subject=f"membership:{membership.id}",
                facts={},
                created_at=now,
            )
        )


def take_letter(session: Session, box_id: uuid.UUID, week: date) -> bool:
    """Count one letter to a mentor in a week, if she takes one more; one statement, for many may write at once."""
    goes_on = LetterBox.week == week
    statement = (
        update(LetterBox)
        .where(LetterBox.id == box_id, LetterBox.is_open)
        .where((LetterBox.week.is_distinct_from(week)) | (LetterBox.taken < LetterBox.a_week))
        .values(week=week, taken=case((goes_on, LetterBox.taken + 1), else_=1))
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def week_of(now: datetime, zone: str) -> date:
    """Return the Monday of the week that it is in this zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today - timedelta(days=today.weekday())


def letters_left(box: LetterBox, week: date) -> int:
    return max(0, box.a_week - (box.taken if box.week == week else 0))


def _find(session: Session, slug: str, person_id: uuid.UUID) -> tuple[Membership, LetterBox | None]:
    row = session.execute(
        select(Membership, LetterBox)
        .join(Programme, Programme.id == Membership.programme_id)
        .outerjoin(LetterBox, LetterBox.membership_id == Membership.id)
        .where(
            Programme.slug == slug,
            Membership.person_id == person_id,
            Membership.is_mentor,
            Membership.status.in_(("active", "paused")),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"letter box in {slug}")
    return row[0], row[1]
