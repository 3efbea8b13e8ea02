"""What tests of imports share: files that are sent and confirmed, and what people look like then."""

import uuid

import pytest
from sqlalchemy import select

from tests.functional.importing import PEOPLE, csv_of
from webapp.models import (
    ImportBatch,
    Membership,
    MentorOffer,
    Person,
)
from webapp.services import imports
from webapp.services.import_undo import undo_import

ASA, INES = PEOPLE


@pytest.fixture
def files(session, cast, now):
    """Sends and confirms files as Ada."""
    return Files(session, cast, now)


class Files:
    def __init__(self, session, cast, now):
        self.session, self.cast, self.now = session, cast, now
        self.who = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}

    def send(self, *people) -> uuid.UUID:
        programme_id, rest = self.who["programme_id"], {k: v for k, v in self.who.items() if k != "programme_id"}
        return imports.upload_file(self.session, programme_id, file_name="people.csv", data=csv_of(people), **rest)

    def confirm(self, batch_id) -> bool:
        seen = imports.fingerprint(self.session.get(ImportBatch, batch_id, populate_existing=True))
        return imports.confirm_import(self.session, batch_id, seen=seen, **self.who)

    def take(self, *people) -> uuid.UUID:
        batch_id = self.send(*people)
        assert self.confirm(batch_id)
        self.session.expire_all()
        return batch_id

    def undo(self, batch_id):
        undoing = undo_import(self.session, batch_id, **self.who)
        self.session.expire_all()
        return undoing

    def counts(self, batch_id) -> dict[str, int]:
        counts = self.session.get(ImportBatch, batch_id, populate_existing=True).counts
        return {action: number for action, number in counts.items() if number and action not in {"rows", "faults"}}

    def member(self, email) -> Membership | None:
        self.session.expire_all()
        return self.session.scalars(
            select(Membership)
            .join(Person)
            .where(Person.email == email, Membership.programme_id == self.cast.programme.id)
        ).one_or_none()

    def state(self):
        """Return all that an import may change, for comparison."""
        self.session.expire_all()
        people = self.session.scalars(select(Person).order_by(Person.email)).all()
        members = self.session.scalars(select(Membership).order_by(Membership.id)).all()
        offers = self.session.scalars(select(MentorOffer).order_by(MentorOffer.id)).all()
        return (
            [(p.email, p.name, p.zone, p.pronouns, p.profile and p.profile.city, windows_of(p)) for p in people],
            [(m.status, m.is_mentor, m.is_mentee, m.request and m.request.topics) for m in members],
            [(o.minutes_a_month, o.places, o.topics, o.is_provisional) for o in offers],
        )


def windows_of(person):
    return [(w.weekday, w.start_minute, w.end_minute) for w in person.windows]


def row_of(person, **cells):
    return {"E-mail": person.email, "Name": person.name, "Role": "mentor", **cells}
