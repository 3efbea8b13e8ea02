"""Two hundred people of a file, as a coordinator has them, and how all but a few of them finish joining at once."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Person, Programme
from webapp.services.joining import join_programme
from webapp.services.transaction import transaction

MO, LEE = "mo@example.org", "lee@example.org"
SPECIALTIES = ("General Surgery", "Vascular Surgery", "Thoracic Surgery", "Urology", "Plastic Surgery")
TOPICS = (
    "Leadership development",
    "Work-life integration",
    "Operative and technical skills",
    "Grants and funding",
    "Fellowship application",
    "Negotiation and conflict",
)
HOURS = (
    "Mon-Wed 17:00-20:00",
    "Tue 18:00-21:00; Thu 18:00-21:00",
    "Wed-Fri 17:30-20:30",
    "Mon 07:00-09:00; Tue-Thu 18:00-20:00",
)


def people_of_file(n_mentors: int = 70, n_mentees: int = 130, *, seed: int = 1) -> list[dict[str, str]]:
    """Return the rows of a file without a fault; Mo is the first mentor, Lee the first mentee."""
    rng = random.Random(seed)
    mentors = [_mentor(number, rng) for number in range(n_mentors)]
    mentees = [_mentee(number, rng) for number in range(n_mentees)]
    mentors[0] |= {"E-mail": MO, "Name": "Dr Mo Farahani"}
    mentees[0] |= {"E-mail": LEE, "Name": "Lee Lindqvist"}
    return mentors + mentees


def finish_joining(session: Session, programme: Programme, *, but: tuple[str, ...], now: datetime) -> int:
    """Let everybody who is invited confirm her address and her numbers, and join; but those few."""
    query = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.programme_id == programme.id, Membership.status == "invited", Person.email.not_in(but))
        .options(joinedload(Membership.person), joinedload(Membership.offer))
    )
    with transaction(session):
        members = session.scalars(query).all()
        for member in members:
            member.status, member.person.email_verified_at = "pending", now
            if member.offer is not None:
                member.offer.is_provisional = False
    return sum(join_programme(session, programme.slug, person_id=member.person_id, now=now) for member in members)


def _mentor(number: int, rng: random.Random) -> dict[str, str]:
    places = rng.choice((1, 2, 2, 3))
    return _person("mentor", number, rng) | {
        "Stage": rng.choice(("Attending - mid career (6-15 years)", "Attending - senior (16 years and above)")),
        "Topics offered": "; ".join(rng.sample(TOPICS, rng.choice((2, 3, 5)))),
        "Minutes a month": str(60 * places),
        "Places": str(places),
    }


def _mentee(number: int, rng: random.Random) -> dict[str, str]:
    return _person("mentee", number, rng) | {
        "Stage": rng.choice(("Intern (PGY-1)", "Junior resident (PGY-2 to PGY-3)")),
        "Needs": "; ".join(rng.sample(TOPICS, rng.choice((1, 2, 3)))),
        "Specialties of interest": rng.choice(("", *SPECIALTIES)),
        "Mentors wanted": "1",
    }


def _person(role: str, number: int, rng: random.Random) -> dict[str, str]:
    first, last = next(itertools.islice(_names(role), number, None))
    return {
        "E-mail": f"{role}{number}@example.org",
        "Name": f"{first} {last}",
        "Role": role,
        "Specialties": rng.choice(SPECIALTIES),
        "Languages": "English",
        "Time zone": "America/Chicago",
        "Hours": rng.choice(HOURS),
    }


def _names(role: str) -> Iterator[tuple[str, str]]:
    firsts = ("Asa", "Ines", "Nia", "Rosa", "Noor", "Zoe", "Aino", "Tove", "Mina", "Sara", "Vera", "Ruth", "Olga")
    lasts = {
        "mentor": ("Prat", "Okafor", "Duarte", "Aalto", "Berg", "Costa"),
        "mentee": ("Lund", "Mori", "Novak", "Ortiz", "Park", "Quinn", "Reyes", "Sato", "Tran", "Vega", "Wells"),
    }
    return itertools.product(firsts, lasts[role])
