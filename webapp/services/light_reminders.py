"""Reminding the two of a question or a shadow day to say whether it took place, or to agree on the day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.engine.bookings import ONCE
from webapp.models import Mentorship, OutboxMessage
from webapp.services import outbox
from webapp.services.letter_dues import TALK
from webapp.services.transaction import transaction

TEMPLATE = "light_due"
AFTER = (1, 10)  # days after the day itself; without a word the minutes return after fourteen
UNDATED_DAYS = TALK.days  # after which what has no day is over
UNDATED = TALK - timedelta(days=7)  # when a day is asked for
MOST_AT_ONCE = 500


def remind_to_tell(session: Session, *, now: datetime) -> int:
    """Ask both of the two, at most twice, what became of their talk or day; return how many mails that makes."""
    # Half a day later than in Greenwich the day is over everywhere that people work.
    today = (now - timedelta(hours=12)).date()
    lately = today - timedelta(days=AFTER[-1] + 4)
    due = select(Mentorship).where(
        Mentorship.cadence == ONCE,
        Mentorship.status == "active",
        or_(
            and_(Mentorship.planned_on < today, Mentorship.planned_on >= lately),
            and_(Mentorship.planned_on.is_(None), Mentorship.created_at <= now - UNDATED),
        ),
    )
    people = (joinedload(Mentorship.mentor), joinedload(Mentorship.mentee))
    rows = session.scalars(due.options(*people).order_by(Mentorship.id).limit(MOST_AT_ONCE))
    letters = [letter for row in rows for letter in _reminders(row, today, now)]
    keys = [letter.unique_key for letter in letters]
    known = set(session.scalars(select(OutboxMessage.unique_key).where(OutboxMessage.unique_key.in_(keys))))
    fresh = [letter for letter in letters if letter.unique_key not in known]
    if fresh:  # nearly never: do not become a writer for nothing
        with transaction(session):
            outbox.write_all(session, fresh)
    return len(fresh)


def _reminders(row: Mentorship, today: date, now: datetime) -> Iterator[outbox.Letter]:
    on = row.planned_on.isoformat() if row.planned_on else ""
    passed = (today - row.planned_on).days if row.planned_on else 0
    number = sum(passed >= days for days in AFTER)
    for member in (row.mentor, row.mentee):
        yield outbox.Letter(
            TEMPLATE,
            member.person_id,
            {"mentorship_id": str(row.id), "on": on},
            f"{TEMPLATE}:{row.id}:{member.id}:{on}:{number}",
            created_at=now,
        )
