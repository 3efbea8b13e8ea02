"""Letters and who takes them, as rows."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import LetterBox, Membership, Message

PARTS = {
    "who": "I am a resident in my second year and like the operating room best.",
    "why": "Your talk on hernia repair changed how I think about mesh.",
    "question": "How did you choose your fellowship?",
}


def open_box(session: Session, mentor: Membership, *, a_week: int = 3, about: str = "") -> LetterBox:
    box = LetterBox(membership_id=mentor.id, is_open=True, a_week=a_week, about=about, taken=0)
    session.add(box)
    session.flush()
    return box


def make_letter(
    session: Session, mentor: Membership, mentee: Membership, *, now: datetime, place: int | None = 0, **values: Any
) -> Message:
    values = {"state": "waiting", "ask": "30", "due_at": now + timedelta(days=7), **PARTS, **values}
    letter = Message(mentor=mentor, mentee=mentee, form_key=uuid.uuid4(), place=place, created_at=now, **values)
    session.add(letter)
    session.flush()
    return letter
