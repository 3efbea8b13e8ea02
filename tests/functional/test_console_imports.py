"""People from a file: looked at, mended, imported as a whole, undone."""

import pytest
from sqlalchemy import select

from tests.factories.cast import sign_in
from tests.functional.console import send, text_of
from tests.functional.importing import PEOPLE, confirm, csv_of, look, upload, xlsx_of
from webapp.models import AuditEvent, ImportBatch, ImportContent, Membership, Person


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/import"


def person_of(session, email) -> Person | None:
    session.expire_all()
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
def test_people_of_a_file_are_invited_with_all_that_it_says(ada, session, cast, path, write):
    preview = look(ada, path, write(PEOPLE), "people.bin")
    page = text_of(ada, preview)
    assert "2 people can be invited" in page
    assert "Mon 17:00–20:00" in page
    assert person_of(session, "asa@example.org") is None
    assert confirm(ada, preview).headers["Location"] == preview
    asa, ines = person_of(session, "asa@example.org"), person_of(session, "ines@example.org")
    assert (asa.name, asa.zone, asa.email_verified_at, asa.password_hash) == (
        "Dr Åsa Öhman",
        "Europe/Stockholm",
        None,
        "!",
    )
    assert (asa.profile.stage, asa.profile.languages) == ("attending_mid", ["en", "sv"])
    assert [(w.weekday, w.start_minute, w.end_minute) for w in asa.windows] == [
        (0, 1020, 1200),
        (4, 1320, 1440),
        (5, 0, 60),
    ]
    mentor = session.scalars(select(Membership).where(Membership.person_id == asa.id)).one()
    assert (mentor.status, mentor.is_mentor, mentor.is_mentee, mentor.joined_at) == ("invited", True, False, None)
    offer = mentor.offer
    assert (offer.minutes_a_month, offer.places, offer.topics, offer.is_provisional) == (120, 2, ["leadership"], True)
    mentee = session.scalars(select(Membership).where(Membership.person_id == ines.id)).one()
    assert (mentee.request.topics, mentee.request.mentors_wanted) == (["work_life", "leadership"], 2)
    assert ines.zone == cast.programme.zone
    assert session.query(ImportContent).count() == 0
    page = text_of(ada, preview)
    assert "2 people are here, not yet asked" in page
    assert f"/c/{cast.programme.slug}/people?status=invited" in page
    assert "import.done" in session.scalars(select(AuditEvent.action)).all()


def test_undo_leaves_nothing_of_an_import(ada, session, path):
    before = session.query(Person).count()
    preview = look(ada, path, csv_of(PEOPLE))
    confirm(ada, preview)
    assert "2 invitations are taken back" in text_of(ada, f"{preview}/undo")
    assert send(ada, f"{preview}/undo").status_code == 302
    session.expire_all()
    assert session.query(Person).count() == before
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.undo) == ("undone", None)
    assert "This import is undone" in text_of(ada, preview)
    assert "Undone" in text_of(ada, path)
    assert upload(ada, path, b"").status_code == 200
