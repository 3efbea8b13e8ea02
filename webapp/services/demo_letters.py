"""The letters of the demonstration: who takes some, and three that were written lately."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.services import letter_answers, letter_boxes, letters

GOOD_LETTERS = (
    "Say where you are, what you have tried already, and the one thing you would like to know.",
    "One question that I can answer in ten lines, or that is worth a short call. Drafts are welcome later.",
    "Tell me about a case you keep thinking of, and what you would do differently today.",
)
TO_MENTOR = letters.Written(
    form_key=uuid.UUID(int=1),
    who="I train far from anybody who does what I would like to do, and I am the only one here who wants to.",
    why="You wrote that you began in a community hospital too, and built the clinic up from one afternoon a week.",
    question="How did you find the first colleagues who sent you patients?",
    ask="30",
)
ASKED = letters.Written(
    form_key=uuid.UUID(int=2),
    who="I am at the beginning of my training and still choose between two specialties.",
    why="Your page says that you changed yours after two years and never looked back.",
    question="What would you have wanted to know before you chose the first time?",
    ask="15",
)
RESTING = letters.Written(
    form_key=uuid.UUID(int=3),
    who="I am back from a year of parental leave and build my list anew.",
    why="You lead a department where half the surgeons work part time.",
    question="What do you tell people who say that it cannot be done in surgery?",
    ask="60",
)
BACK = "What draws you to each of the two, in one sentence?"


class LetterStory:
    """Letters told through the services that the pages call."""

    def __init__(self, session: Session, slug: str, now: datetime) -> None:
        self.session, self.slug, self.now = session, slug, now

    def open_boxes(self, mentors: Sequence[uuid.UUID]) -> None:
        for number, person_id in enumerate(mentors):
            letter_boxes.save_box(
                self.session,
                self.slug,
                person_id=person_id,
                is_open=True,
                a_week=1 + number % 4,
                about=GOOD_LETTERS[number % len(GOOD_LETTERS)],
                now=self.now - timedelta(days=30),
            )

    def write(self, writer: uuid.UUID, mentor_id: uuid.UUID, written: letters.Written) -> uuid.UUID:
        moment = self.now - timedelta(days=2)
        return letters.send_letter(self.session, mentor_id, person_id=writer, written=written, now=moment)

    def ask_back(self, letter_id: uuid.UUID, mentor: uuid.UUID) -> None:
        moment = self.now - timedelta(days=1)
        letter_answers.ask_back(self.session, letter_id, person_id=mentor, text=BACK, now=moment)

    def rest(self, letter_id: uuid.UUID, mentor: uuid.UUID) -> None:
        moment = self.now - timedelta(days=1)
        letter_answers.say_not_now(self.session, letter_id, person_id=mentor, reason="no_time", now=moment)
