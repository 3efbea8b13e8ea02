"""Fills an empty database with a programme of many people, quickly: for load tests and measurements.

python -m bench.population --mentees 10000 --mentors 5000 --database-url sqlite:////tmp/mosaic-load.db

Everybody can sign in with the password that is printed. The same seed gives the same people.
"""

import argparse
import json
import random
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from config import from_environment
from matcher.taxonomy import load_taxonomy
from webapp.cli.demonstration import migrate
from webapp.extensions import make_engine
from webapp.models import (
    AvailabilityWindow,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
    Profile,
    Programme,
)
from webapp.services.passwords import hash_password

SLUG, PASSWORD = "lakeland", "a long enough password"
ZONES = (
    ("America/New_York", 8),
    ("America/Chicago", 6),
    ("Europe/London", 3),
    ("Europe/Stockholm", 2),
    ("Asia/Kolkata", 1),
)
STAGES = {
    "mentor": ("attending_early", "attending_mid", "attending_senior"),
    "mentee": ("ms_clinical", "resident_junior", "resident_senior", "fellow"),
}
FIRST = (
    "Ada",
    "Bea",
    "Cleo",
    "Dana",
    "Eve",
    "Fay",
    "Gro",
    "Hana",
    "Ida",
    "Jo",
    "Kaja",
    "Lena",
    "Maya",
    "Nia",
    "Orla",
    "Siobhán",
)
LAST = (
    "Abara",
    "Berg",
    "Cole",
    "Diaz",
    "Engel",
    "Farah",
    "Garg",
    "Holm",
    "Ito",
    "Jones",
    "Khan",
    "Lind",
    "Moreau",
    "Åberg",
)
BATCH = 5000


class Crowd:
    """Draws people and what they say, and keeps the rows of all tables until they are written."""

    def __init__(self, seed: int, password_hash: str) -> None:
        self.random = random.Random(seed)
        taxonomy = load_taxonomy()
        self.specialties = [key for key, entry in taxonomy.specialties.items() if not entry.parents]
        self.narrow = [key for key, entry in taxonomy.specialties.items() if entry.parents]
        self.topics = list(taxonomy.topics)
        # A few specialties have most of the people, as in life.
        self.popular = [1 / (1 + rank) for rank in range(len(self.specialties))]
        self.password_hash, self.moment = password_hash, datetime.now(UTC)
        self.rows: dict[type, list[dict[str, object]]] = {
            table: []
            for table in (Person, Profile, AvailabilityWindow, Membership, MentorOffer, MenteeRequest, Interest)
        }

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def add(self, table: type, **values: object) -> uuid.UUID:
        row = {"id": self.id(), "created_at": self.moment, **values}
        self.rows[table].append(row)
        return row["id"]

    def person(self, programme_id: uuid.UUID, number: int, role: str) -> uuid.UUID:
        """Add somebody with her profile, hours and membership; return the membership's id."""
        pick = self.random
        zone = pick.choices([zone for zone, _ in ZONES], [share for _, share in ZONES])[0]
        person_id = self.add(
            Person,
            name=f"{'Dr ' if role == 'mentor' else ''}{pick.choice(FIRST)} {pick.choice(LAST)} {number}",
            email=f"{role}.{number}@example.org",
            pronouns="",
            password_hash=self.password_hash,
            zone=zone,
            language="en",
            theme="",
            is_operator=False,
            email_verified_at=self.moment,
            minutes_cap=None,
        )
        self.add(
            Profile,
            person_id=person_id,
            institution=f"{pick.choice(LAST)} Hospital",
            city=pick.choice(("Lakeland", "Norrville", "Easton", "Port Ada")),
            country="",
            stage=pick.choice(STAGES.get(role, ("",))),
            specialties=self.some_specialties() if role == "mentor" else [],
            languages=["en", *(["es"] if pick.random() < 0.2 else [])],
            bio="",
        )
        for weekday in pick.sample(range(7), pick.randint(2, 6)):
            start = pick.choice((6, 7, 12, 16, 17, 18, 19)) * 60
            self.add(
                AvailabilityWindow,
                person_id=person_id,
                weekday=weekday,
                start_minute=start,
                end_minute=start + pick.choice((60, 120, 180)),
            )
        return self.add(
            Membership,
            person_id=person_id,
            programme_id=programme_id,
            is_mentor=role == "mentor",
            is_mentee=role == "mentee",
            is_coordinator=role == "coordinator",
            status="active" if pick.random() < 0.97 or role == "coordinator" else "pending",
            joined_at=self.moment - timedelta(days=pick.randint(1, 60)),
            priority=0.0,
        )

    def some_specialties(self) -> list[str]:
        chosen = self.random.choices(self.specialties, self.popular, k=self.random.randint(1, 2))
        return list(
            dict.fromkeys([*chosen, *([self.random.choice(self.narrow)] if self.random.random() < 0.3 else [])])
        )

    def mentor(self, programme_id: uuid.UUID, number: int) -> uuid.UUID:
        membership_id, places = self.person(programme_id, number, "mentor"), self.random.choice((1, 1, 2, 2, 3, 4))
        self.add(
            MentorOffer,
            membership_id=membership_id,
            topics=self.random.sample(self.topics, self.random.randint(3, 8)),
            stages_welcome=[],
            minutes_a_month=60 * places,
            places=places,
            reserved_minutes=0,
            reserved_places=0,
            paused_from=None,
            paused_until=None,
            about="I learned most from people who answered plainly.",
        )
        return membership_id

    def mentee(self, programme_id: uuid.UUID, number: int) -> uuid.UUID:
        membership_id = self.person(programme_id, number, "mentee")
        self.add(
            MenteeRequest,
            membership_id=membership_id,
            topics=self.random.sample(self.topics, self.random.randint(2, 5)),
            specialties=self.some_specialties(),
            mentors_wanted=self.random.choice((1, 1, 1, 2)),
            minutes_a_month=None,
            goal="To choose a fellowship with open eyes.",
        )
        return membership_id


def fill(engine: Engine, n_mentees: int, n_mentors: int, *, seed: int = 1) -> None:
    """Make tables, one programme, its coordinator `coordinator.0@example.org`, and everybody in it."""
    migrate(engine)
    crowd = Crowd(seed, hash_password(PASSWORD, from_environment()))
    with Session(engine) as session:
        session.connection(execution_options={"writes": True})
        programme = Programme(
            id=crowd.id(),
            slug=SLUG,
            name="Lakeland Women in Surgery",
            starts_on=crowd.moment.date() + timedelta(days=30),
            ends_on=crowd.moment.date() + timedelta(days=395),
            zone="America/Chicago",
            contact="coordinator.0@example.org",
        )
        session.add(programme)
        session.flush()
        crowd.person(programme.id, 0, "coordinator")
        mentors = [crowd.mentor(programme.id, number) for number in range(n_mentors)]
        mentees = [crowd.mentee(programme.id, number) for number in range(n_mentees)]
        wishes = {(crowd.random.choice(mentors), mentee) for mentee in mentees for _ in range(2)} if mentors else set()
        for mentor, mentee in sorted(wishes):
            crowd.add(Interest, mentor_id=mentor, mentee_id=mentee, side="mentee", verdict="interested", rank=0)
        for table, rows in crowd.rows.items():
            for start in range(0, len(rows), BATCH):
                session.execute(insert(table), rows[start : start + BATCH])
        session.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentees", type=int, default=10_000)
    parser.add_argument("--mentors", type=int, default=5_000)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    engine = make_engine(asked.database_url)
    start = time.perf_counter()
    fill(engine, asked.mentees, asked.mentors, seed=asked.seed)
    engine.dispose()
    told = {"seconds": round(time.perf_counter() - start, 1), "slug": SLUG, "password": PASSWORD}
    json.dump(
        told | {"sign_in": ["coordinator.0@example.org", "mentor.0@example.org", "mentee.0@example.org"]}, sys.stdout
    )
    print()


if __name__ == "__main__":
    main()
