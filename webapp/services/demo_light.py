"""A question that took place and a shadow day that is planned, in the demonstration."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Mentorship
from webapp.services import formats, letter_answers, letters, light_formats, offers, student_approvals

QUESTION = letters.Written(
    form_key=uuid.UUID(int=4),
    who="I am a medical student in the clinical years, the first in my family to study.",
    why="You say on your page that you came to surgery late. So would I.",
    question="Which elective would you take in the last year, if you had it to choose again?",
    ask="15",
)
SHADOWING = letters.Written(
    form_key=uuid.UUID(int=5),
    who="I am a medical student and have seen theatre only from the back row.",
    why="Your clinic does what I would like to do one day.",
    question="May I be beside you for a day, and see what the work is like between the operations?",
    ask="shadow_day",
)


class LightStory:
    """Light formats told through the services that the pages call."""

    def __init__(self, session: Session, slug: str, now: datetime) -> None:
        self.session, self.slug, self.now = session, slug, now

    def approve(self, programme_id: uuid.UUID, mentor_id: uuid.UUID, *, by: uuid.UUID) -> None:
        moment = self.now - timedelta(days=8)
        student_approvals.approve_for_students(
            self.session, programme_id, [mentor_id], approves=True, by=by, now=moment
        )

    def give_shadow_days(self, mentor: uuid.UUID) -> None:
        given = formats.Given(
            gives_mentoring=True, gives_questions=True, gives_shadow_days=True, welcomes_students=True
        )
        formats.save_formats(self.session, self.slug, given, person_id=mentor, now=self.now - timedelta(days=8))

    def agree(self, writer: uuid.UUID, mentor_id: uuid.UUID, mentor: uuid.UUID, written: letters.Written) -> uuid.UUID:
        """Write, say yes and confirm; return the pair."""
        day = timedelta(days=1)
        letter_id = letters.send_letter(
            self.session, mentor_id, person_id=writer, written=written, now=self.now - 6 * day
        )
        offer_id = letter_answers.say_yes(self.session, letter_id, person_id=mentor, now=self.now - 5 * day)
        offers.answer_offer(self.session, offer_id, person_id=writer, answer="yes", now=self.now - 4 * day)
        return self.session.scalars(select(Mentorship.id).where(Mentorship.offer_id == offer_id)).one()

    def took_place(self, pair_id: uuid.UUID, person: uuid.UUID) -> None:
        moment = self.now - timedelta(days=2)
        light_formats.tell(self.session, pair_id, person_id=person, took_place=True, now=moment)

    def plan(self, pair_id: uuid.UUID, person: uuid.UUID) -> None:
        on = (self.now + timedelta(days=9)).date()
        light_formats.plan_day(self.session, pair_id, person_id=person, on=on, now=self.now - timedelta(days=3))
