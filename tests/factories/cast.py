"""The people of the tests: Ada organises, Mo mentors, Lee is a mentee, Kim belongs elsewhere."""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from webapp.engine.students import is_student
from webapp.models import (
    AvailabilityWindow,
    LoginSession,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
    Profile,
    Programme,
)
from webapp.services.logins import hash_token

JOINED = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
EVENINGS = tuple((weekday, 17 * 60, 20 * 60) for weekday in range(5))
_numbers = itertools.count(1)


def make_person(session: Session, name: str, *, windows=EVENINGS, zone="America/Chicago", **values: Any) -> Person:
    """Return a person with a confirmed address, a profile and hours, flushed."""
    profile = {"stage": "attending_mid", "specialties": ["general_surgery"], "languages": ["en"]}
    profile |= values.pop("profile", {})
    values.setdefault("email", f"{name.split(maxsplit=1)[0].lower()}.{next(_numbers)}@example.org")
    values.setdefault("password_hash", "!")  # nobody signs in with a password here; see sign_in
    person = Person(name=name, zone=zone, email_verified_at=JOINED, **values)
    person.profile = Profile(**profile)
    person.windows = [AvailabilityWindow(weekday=d, start_minute=s, end_minute=e) for d, s, e in windows]
    session.add(person)
    session.flush()
    return person


def make_programme(session: Session, name: str = "Lakeland Women in Surgery", **values: Any) -> Programme:
    values.setdefault("slug", f"programme-{next(_numbers)}")
    values.setdefault("starts_on", date(2027, 3, 1))
    values.setdefault("ends_on", date(2028, 2, 29))
    values.setdefault("zone", "America/Chicago")
    programme = Programme(name=name, **values)
    session.add(programme)
    session.flush()
    return programme


def make_mentor(
    session: Session, programme: Programme, person: Person, *, minutes=120, places=2, **values: Any
) -> Membership:
    values.setdefault("topics", ["technical_skills", "leadership"])
    membership = _member(session, programme, person, is_mentor=True)
    membership.offer = MentorOffer(
        membership_id=membership.id,
        minutes_a_month=minutes,
        places=places,
        reserved_minutes=0,
        reserved_places=0,
        **values,
    )
    session.flush()
    return membership


def make_mentee(session: Session, programme: Programme, person: Person, **values: Any) -> Membership:
    values.setdefault("topics", ["technical_skills", "work_life"])
    values.setdefault("specialties", ["general_surgery"])
    membership = _member(session, programme, person, is_mentee=True)
    membership.request = MenteeRequest(membership_id=membership.id, **values)
    session.flush()
    return membership


def make_coordinator(session: Session, programme: Programme, person: Person) -> Membership:
    return _member(session, programme, person, is_coordinator=True)


def _member(session: Session, programme: Programme, person: Person, **roles: bool) -> Membership:
    membership = session.query(Membership).filter_by(person_id=person.id, programme_id=programme.id).one_or_none()
    if membership is None:
        # Nobody joins as a student without having said that she is an adult.
        said_at = JOINED if person.profile is not None and is_student(person.profile.stage) else None
        membership = Membership(person=person, programme=programme, status="active", joined_at=JOINED)
        membership.adult_confirmed_at = said_at
        session.add(membership)
    for role, value in roles.items():
        setattr(membership, role, value)
    session.flush()
    return membership


@dataclass
class Cast:
    programme: Programme
    elsewhere: Programme
    ada: Person
    mo: Person
    lee: Person
    kim: Person
    coordinator: Membership
    mentor: Membership
    mentee: Membership

    @classmethod
    def create(cls, session: Session) -> "Cast":
        programme, elsewhere = make_programme(session), make_programme(session, "Elsewhere")
        ada = make_person(session, "Ada Oduya")
        mo = make_person(session, "Dr Mo Farahani", zone="America/New_York")
        lee = make_person(session, "Lee Lindqvist", profile={"stage": "resident_junior"})
        kim = make_person(session, "Kim Aho")
        make_coordinator(session, elsewhere, kim)
        make_mentor(session, elsewhere, kim)
        cast = cls(
            programme=programme,
            elsewhere=elsewhere,
            ada=ada,
            mo=mo,
            lee=lee,
            kim=kim,
            coordinator=make_coordinator(session, programme, ada),
            mentor=make_mentor(session, programme, mo),
            mentee=make_mentee(session, programme, lee),
        )
        session.commit()
        return cast


def sign_in(client: FlaskClient, session: Session, person: Person) -> FlaskClient:
    """Sign this person in on the client, by the row and cookie that a real sign-in leaves."""
    token = f"token-{next(_numbers)}-{person.id}"
    moment = datetime.now(UTC)
    session.add(
        LoginSession(
            person_id=person.id,
            token_hash=hash_token(token),
            seen_at=moment,
            expires_at=moment + timedelta(days=1),
        )
    )
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def csrf_of(client: FlaskClient, path: str) -> str:
    """Return the token that the form on this page carries."""
    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]
