"""What people of the demonstration brought about, aim at, bring, and tell in confidence."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Achievement, Membership
from webapp.services.demo_cast import KERRIGAN, LINDQVIST
from webapp.services.demo_people import DemoPerson
from webapp.services.privacy import save_traits, save_visibility
from webapp.services.progress import endorse_achievement, keep_achievement, keep_goal, save_brings

# What some of those who look for a mentor write: kind, words, how many days ago.
LINES = (
    ("talk", "A case report at the regional surgical meeting", 40),
    ("exam", "First part of the boards, passed", 95),
    ("operation", "Open inguinal hernia, skin to skin, under supervision", 25),
    ("teaching", "A knot-tying evening for twelve students", 60),
    ("paper", "Second author on a paper about waiting times", 120),
)
MAYAS = (
    ("operation", "Laparoscopic appendicectomy, first one as the operating surgeon", 12),
    ("talk", "Short talk on early discharge at the hospital's research day", 33),
)
TRAITS = ("carer", "first_generation", "trained_abroad", "rural")


def tell_progress(
    session: Session,
    people: Sequence[DemoPerson],
    ids: Mapping[str, uuid.UUID],
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Give Maya a page that is full, and every sixth of the others a line."""
    maya = ids[LINDQVIST.email]
    save_brings(session, maya, "Two evenings a month for a paper of yours: I like statistics and clean tables.")
    keep_goal(
        session,
        maya,
        None,
        text="Ten laparoscopic colectomies as first assistant",
        due_on=(now + timedelta(days=200)).date(),
        is_reached=False,
        now=now - timedelta(days=19),
    )
    lines = [(LINDQVIST.email, line) for line in MAYAS]
    mentees = [one for one in people if one.wanted and one is not LINDQVIST]
    lines += [(one.email, LINES[number % len(LINES)]) for number, one in enumerate(mentees[::6])]
    for email, (kind, text, days) in lines:
        moment = now - timedelta(days=days)
        keep_achievement(session, ids[email], None, kind=kind, text=text, achieved_on=moment.date(), now=moment)
    for email in dict.fromkeys(email for email, _line in lines):
        save_visibility(session, ids[email], {"achievements": "programme"}, now=now)
    _endorse(session, maya, programme_id, by, now)
    for number, one in enumerate([KERRIGAN, LINDQVIST, *people[::5]]):
        told = {"carer"} if number < 2 else {TRAITS[number % len(TRAITS)]}
        save_traits(session, ids[one.email], told, now=now)


def _endorse(session: Session, person_id: uuid.UUID, programme_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    row = session.scalars(
        select(Achievement).where(Achievement.person_id == person_id).order_by(Achievement.achieved_on).limit(1)
    ).one()
    membership = select(Membership.id).where(Membership.person_id == person_id, Membership.programme_id == programme_id)
    membership_id = session.scalars(membership).one()
    endorse_achievement(session, programme_id, membership_id, row.id, text=row.text, by=by, now=now)
