"""Letters to a mentor whom one does not know: sent within limits that the database holds, and found by the two."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import LetterBox, Membership, MentorOffer, Message
from webapp.models.message import MOST_OPEN
from webapp.services import letter_steps as steps
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.formats import asks_of
from webapp.services.letter_boxes import take_letter, week_of
from webapp.services.letter_reach import meets_already, mentee_beside, within_reach
from webapp.services.letter_text import clean_text
from webapp.services.offer_steps import check_wanted
from webapp.services.transaction import transaction

REST = timedelta(days=30)  # before the same mentor can be written to again
SHOWN = timedelta(days=120)  # closed letters stay on the list for so long
MOST_SHOWN = 100


@dataclass(frozen=True)
class Written:
    """What a mentee wrote, by the prompts."""

    form_key: uuid.UUID
    who: str
    why: str
    question: str
    ask: str


@dataclass(frozen=True)
class LetterFound:
    """A letter as one of its two finds it."""

    letter: Message
    side: str

    @property
    def other(self) -> Membership:
        return self.letter.mentee if self.side == "mentor" else self.letter.mentor

    @property
    def i_reported(self) -> bool:
        me = self.letter.mentor if self.side == "mentor" else self.letter.mentee
        return self.letter.reported_by_id == me.person_id

    @property
    def is_open(self) -> bool:
        return self.letter.state in steps.OPEN

    @property
    def waits_for_me(self) -> bool:
        return self.letter.state == ("waiting" if self.side == "mentor" else "asked")


def send_letter(
    session: Session, mentor_id: uuid.UUID, *, person_id: uuid.UUID, written: Written, now: datetime
) -> uuid.UUID:
    """Send a mentor a first letter. The same form sent twice is one letter.

    Raises
    ------
    NotFoundError
        The mentor takes no letters, or this person cannot write to her.
    ConflictError
        `three_open`: three letters of hers wait already; `open`: one to this mentor does; `lately`: she wrote to her
        within thirty days; `week`: the mentor has the letters that she takes a week; `paired`: they meet already;
        `format`: she does not give what the letter asks for.
    NoRoomError
        She asks for mentoring and has the mentors that she asked for.

    """
    with transaction(session):
        mentee, box = _both(session, mentor_id, person_id, now)
        known = session.scalar(
            select(Message.id).where(Message.mentee_id == mentee.id, Message.form_key == written.form_key)
        )
        if known is not None:
            return known
        why = why_not_write(session, mentor_id, mentee, now=now)
        if why:
            raise ConflictError(why)
        if box.membership.offer is None or written.ask not in asks_of(box.membership.offer):
            raise ConflictError("format")
        if written.ask == "mentoring":
            check_wanted(session, mentee)
        place = _free_place(session, mentee.id)
        if not take_letter(session, box.id, week_of(now, box.membership.person.zone)):
            raise ConflictError("week")
        letter = Message(
            id=uuid.uuid4(),
            mentor=box.membership,
            mentee=mentee,
            form_key=written.form_key,
            place=place,
            state="waiting",
            ask=written.ask,
            who=clean_text(written.who),
            why=clean_text(written.why),
            question=clean_text(written.question),
            due_at=steps.due(now),
            created_at=now,
        )
        session.add(letter)
        session.flush()  # the mail and the log speak of it
        steps.tell(session, "arrived", letter, "mentor")
        steps.note(session, "letter.sent", letter, by=person_id, now=now)
        return letter.id


def withdraw_letter(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> None:
    """Take an open letter back; the mentor is told that there is nothing to answer. Twice changes nothing."""
    with transaction(session):
        letter = steps.lock_letter(session, letter_id, person_id, "mentee")
        if letter.state not in steps.OPEN:
            return
        steps.close(letter, "withdrawn", now=now)
        steps.tell(session, "withdrawn", letter, "mentor")
        steps.note(session, "letter.withdrawn", letter, by=person_id, now=now)


def find_letter(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID) -> LetterFound:
    """Return a letter to one of its two; for anyone else there is no such letter. One query."""
    letter = session.scalars(
        steps.with_people().where(Message.id == letter_id).execution_options(populate_existing=True)
    ).one_or_none()
    if letter is None:
        raise NotFoundError(f"letter {letter_id}")
    return LetterFound(letter, steps.side_of(letter, person_id))


def list_letters(session: Session, person_id: uuid.UUID, *, now: datetime) -> list[LetterFound]:
    """Return a person's letters, those that wait for her first, then the open ones, then the latest. One query."""
    mine = select(Membership.id).where(Membership.person_id == person_id)
    rows = session.scalars(
        steps.with_people()
        .where(or_(Message.mentor_id.in_(mine), Message.mentee_id.in_(mine)))
        .where(or_(Message.state.in_(steps.OPEN), Message.created_at > now - SHOWN))
        .order_by(Message.created_at.desc(), Message.id)
        .limit(MOST_SHOWN)
        .execution_options(populate_existing=True)
    )
    found = [LetterFound(row, steps.side_of(row, person_id)) for row in rows]
    return sorted(found, key=lambda one: (not one.waits_for_me, not one.is_open))


def _both(session: Session, mentor_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> tuple[Membership, LetterBox]:
    """Return the mentee, locked, and the box of a mentor whom she may write to."""
    mentee = mentee_beside(session, mentor_id, person_id=person_id, lock=True)
    today = now.astimezone(ZoneInfo(mentee.programme.zone)).date()
    box = session.scalars(
        select(LetterBox)
        .join(Membership, Membership.id == LetterBox.membership_id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(LetterBox.membership_id == mentor_id, *within_reach(mentee, today))
        .options(
            joinedload(LetterBox.membership).joinedload(Membership.person),
            joinedload(LetterBox.membership).joinedload(Membership.programme),
            joinedload(LetterBox.membership).joinedload(Membership.offer),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if box is None:
        raise NotFoundError(f"letter box of {mentor_id}")
    return mentee, box


def why_not_write(session: Session, mentor_id: uuid.UUID, mentee: Membership, *, now: datetime) -> str:
    """Return what keeps this mentee from writing to a mentor now: "", open, lately, paired or three_open."""
    rows = session.execute(
        select(Message.mentor_id, Message.state, Message.created_at).where(
            Message.mentee_id == mentee.id,
            or_(Message.state.in_(steps.OPEN), Message.mentor_id == mentor_id),
        )
    ).all()
    to_her = [row for row in rows if row.mentor_id == mentor_id]
    if any(row.state in steps.OPEN for row in to_her):
        return "open"
    if mentor_id in meets_already(session, mentee.id):
        return "paired"
    if any(row.created_at > now - REST for row in to_her):
        return "lately"
    return "three_open" if sum(row.state in steps.OPEN for row in rows) >= MOST_OPEN else ""


def _free_place(session: Session, mentee_id: uuid.UUID) -> int:
    """Return one of the three places for open letters; her membership is locked, and a constraint holds it too."""
    query = select(Message.place).where(Message.mentee_id == mentee_id, Message.place.is_not(None))
    taken = set(session.scalars(query))
    return next(place for place in range(MOST_OPEN) if place not in taken)
