"""Questions and shadow days that both have said yes to."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.letters import make_letter
from webapp.models import Membership, Mentorship
from webapp.services.letter_answers import say_yes
from webapp.services.offers import answer_offer


def make_talk(
    session: Session, mentor: Membership, mentee: Membership, *, now: datetime, ask: str = "30"
) -> Mentorship:
    letter = make_letter(session, mentor, mentee, now=now, ask=ask)
    session.commit()
    offer_id = say_yes(session, letter.id, person_id=mentor.person_id, now=now)
    answer_offer(session, offer_id, person_id=mentee.person_id, answer="yes", now=now)
    return session.query(Mentorship).filter_by(offer_id=offer_id).one()
