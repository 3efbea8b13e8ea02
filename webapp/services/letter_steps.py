"""The single steps that sending, answering and the clock share; all run inside their caller's transaction.

Everybody locks in one order: the mentor's time, then memberships by id, then the letter, as offers do.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import AuditEvent, Membership, Message, Person
from webapp.services import outbox
from webapp.services.errors import NotFoundError

OPEN = ("waiting", "asked")
REPLY_DAYS = 7
TEMPLATE = "letter"


def with_people() -> Select[Message]:
    """Return the query of letters with all that a page or a mail shows of the two."""
    mentor, mentee = joinedload(Message.mentor), joinedload(Message.mentee)
    return select(Message).options(
        mentor.joinedload(Membership.person).joinedload(Person.profile),
        mentor.joinedload(Membership.programme),
        mentor.joinedload(Membership.offer),
        mentee.joinedload(Membership.person).joinedload(Person.profile),
        mentee.joinedload(Membership.request),
        joinedload(Message.colleague).joinedload(Membership.person),
    )


def side_of(letter: Message, person_id: uuid.UUID) -> str:
    """Return whether the person is the letter's mentor or mentee; for anyone else there is no such letter."""
    if letter.mentor.person_id == person_id:
        return "mentor"
    if letter.mentee.person_id == person_id:
        return "mentee"
    raise NotFoundError(f"letter {letter.id}")


def lock_letters(session: Session, letter_ids: Iterable[uuid.UUID]) -> list[Message]:
    """Return these letters as they stand now, locked; the mentees' memberships are locked before them."""
    ids = list(letter_ids)
    mentees = select(Message.mentee_id).where(Message.id.in_(ids))
    query = select(Membership.id).where(Membership.id.in_(mentees)).order_by(Membership.id)
    session.execute(query.with_for_update(key_share=True)).all()
    rows = with_people().where(Message.id.in_(ids)).order_by(Message.id).with_for_update(of=Message, key_share=True)
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def lock_letter(session: Session, letter_id: uuid.UUID, person_id: uuid.UUID, *sides: str) -> Message:
    """Return one letter to one of its two, locked; `sides` says whose step it is."""
    letters = lock_letters(session, [letter_id])
    if not letters or side_of(letters[0], person_id) not in (sides or ("mentor", "mentee")):
        raise NotFoundError(f"letter {letter_id}")
    return letters[0]


def close(letter: Message, state: str, *, now: datetime) -> None:
    letter.state, letter.place, letter.closed_at = state, None, now


def due(now: datetime) -> datetime:
    return now + timedelta(days=REPLY_DAYS)


def tell(session: Session, event: str, letter: Message, side: str) -> None:
    """Write to one side what became of a letter, once for each date it was to be answered by; never its text."""
    member = letter.mentor if side == "mentor" else letter.mentee
    outbox.write(
        session,
        template=TEMPLATE,
        person_id=member.person_id,
        params={"letter_id": str(letter.id), "side": side, "event": event},
        unique_key=f"{TEMPLATE}:{event}:{letter.id}:{side}:{letter.due_at:%Y%m%d%H%M}",
    )


def note(
    session: Session, action: str, letter: Message, *, by: uuid.UUID | None, now: datetime, **facts: object
) -> None:
    """Write down who did what to a letter; nothing of what is in it."""
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=letter.mentor.programme_id,
            action=action,
            subject=f"letter:{letter.id}",
            facts=facts,
            created_at=now,
        )
    )
