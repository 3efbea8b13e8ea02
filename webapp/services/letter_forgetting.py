"""What becomes of letters when one of the two deletes her account."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Message
from webapp.services.letter_steps import OPEN, close, lock_letters, tell


def end_letters(session: Session, membership_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """End the letters to somebody who goes, and take her words out of them; inside the caller's transaction.

    What she wrote herself as a mentee goes with her (`webapp.services.forgotten_rows`). Who wrote to her keeps the
    letter, may write to somebody else, and is told so.
    """
    waiting = select(Message.id).where(Message.mentor_id.in_(membership_ids), Message.state.in_(OPEN))
    for letter in lock_letters(session, session.scalars(waiting)):
        close(letter, "expired", now=now)
        tell(session, "expired", letter, "mentee")
    session.flush()  # the words below are those of the closed letters too
    hers = update(Message).where(Message.mentor_id.in_(membership_ids)).values(asked_back="", reason="")
    named = update(Message).where(Message.colleague_id.in_(membership_ids)).values(colleague_id=None)
    for statement in (hers, named):
        session.execute(statement.execution_options(synchronize_session=False))
