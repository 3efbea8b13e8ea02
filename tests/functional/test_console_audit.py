"""The audit log: who did what in words, narrowed by the address, taken out as a file."""

import csv
import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from tests.factories.cast import csrf_of, make_person, sign_in
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.functional.console import text_of
from webapp.models import AuditEvent, Person, Proposal
from webapp.services.audit import PAGE


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/audit"


@pytest.fixture
def note(session, cast, now):
    """Write a line; each is a minute younger than the one before."""
    count = iter(range(1000))

    def note(action, subject="", *, by=cast.ada, programme=cast.programme, at=None, **facts):
        at = at or now + timedelta(minutes=next(count))
        event = AuditEvent(
            by_person_id=by.id, programme_id=programme.id, action=action, subject=subject, facts=facts, created_at=at
        )
        session.add(event)
        session.commit()
        return event

    return note


def test_lines_say_who_did_what_and_lead_to_it(ada, session, cast, path, note, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    proposal = session.query(Proposal).one()
    note("round.published", f"round:{round_.id}", offers=2, people=4)
    note("scenario.start", f"scenario:{scenario.id}")
    note("proposal.remove", f"proposal:{proposal.id}")
    note("pair.pin", f"round:{round_.id}", mentor=str(cast.mentor.id), mentee=str(cast.mentee.id), why="")
    note("offer.no", f"offer:{offer.id}", by=cast.lee, side="mentee")
    note("membership.joined", f"membership {cast.mentee.id}", by=cast.lee)
    note("coordinator.named", f"programme {cast.programme.id}", person=str(cast.kim.id))
    page = text_of(ada, path)
    address = f"/c/{cast.programme.slug}"
    assert f'Published <a href="{address}/rounds/{round_.id}">Spring 2027</a>' in page
    assert "offers: 2; people: 4" in page
    assert f'href="{address}/rounds/{round_.id}?scenario={scenario.id}">First</a> worked out' in page
    assert "Took a pair out: " in page
    assert ">Dr Mo Farahani and Lee Lindqvist</a>" in page
    assert "mentor: Dr Mo Farahani; mentee: Lee Lindqvist" in page
    assert "Declined an offer: " in page
    assert f'Finished joining: <a href="{address}/people/{cast.mentee.id}">Lee Lindqvist</a>' in page
    assert "person: Kim Aho" in page
    assert "Mon 15 Feb 2027, 12:00:00" in page  # 18:00 in UTC, on Ada's clock in Chicago


def test_what_is_gone_and_who_is_gone_are_said_to_be(ada, session, cast, path, note):
    gone = make_person(session, "Gail Gone")
    note("round.open", f"round:{uuid.uuid4()}", by=gone, person=str(uuid.uuid4()))
    session.execute(delete(Person).where(Person.id == gone.id))
    session.commit()
    page = text_of(ada, path)
    assert "A former participant" in page
    assert "Opened something that is gone for joining" in page
    assert "Gail Gone" not in page


def test_an_action_of_another_version_is_shown_as_it_was_written(ada, path, note):
    note("moon.landed", tools="<b>", crew=3)
    page = text_of(ada, path)
    assert "moon.landed" in page
    assert "tools: &lt;b&gt;; crew: 3" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Froze", "Opened", "Changed", "Declined"}),
        ("kind=round", {"Froze", "Opened"}),
        ("person={lee}", {"Declined"}),
        ("about=round:{round}", {"Froze", "Opened"}),
        ("from=2027-02-16", {"Declined"}),
        ("to=2027-02-15", {"Froze", "Opened", "Changed"}),
        ("from=2027-02-16&to=2027-02-16", {"Declined"}),
        ("kind=pirate&person=x&from=never&about=me&page=-1", {"Froze", "Opened", "Changed", "Declined"}),
        ("from=0001-01-01&to=9999-12-31", {"Froze", "Opened", "Changed", "Declined"}),
        ("about=round:------------------------------------", {"Froze", "Opened", "Changed", "Declined"}),
        ("kind=export", set()),
    ],
)
def test_filters_in_the_address_narrow_the_lines(ada, session, cast, path, note, query, found):
    round_ = make_round(session, cast.programme)
    note("round.open", f"round:{round_.id}")
    note("round.freeze", f"round:{round_.id}")
    note("programme.changed", f"programme {cast.programme.id}", fields=["minimum"])
    # Six in the morning of the next day in UTC is midnight in Chicago, where Ada is.
    note("offer.no", f"offer:{uuid.uuid4()}", by=cast.lee, at=datetime(2027, 2, 16, 6, 0, tzinfo=UTC))
    page = text_of(ada, f"{path}?{query.format(lee=cast.lee.id, round=round_.id)}")
    words = ("Froze", "Opened", "Changed", "Declined")
    assert {word for word in words if f"<span>{word}" in page} == found
    assert ("No line fits these filters." in page) == (not found)


def test_pages_are_short_and_queries_the_same_however_long_the_log_is(ada, session, cast, path, note, count_queries):
    note("programme.changed")
    with count_queries() as few:
        text_of(ada, path)
    round_ = make_round(session, cast.programme)
    for number in range(2 * PAGE):
        person = make_person(session, f"Person {number}")
        note("round.open", f"round:{round_.id}", by=person, person=str(person.id))
    with count_queries() as many:
        page = text_of(ada, f"{path}?kind=round")
    assert page.count("<tr>") == PAGE + 1
    assert "Page 1 of 2" in page
    assert len(many) == len(few) <= 12


def test_lines_of_another_programme_and_names_of_its_things_are_not_shown(ada, session, cast, path, note):
    there = make_round(session, cast.elsewhere)
    there.name = "Secret round"
    session.commit()
    note("round.open", f"round:{there.id}", by=cast.kim, programme=cast.elsewhere)
    note("round.freeze", f"round:{there.id}")
    page = text_of(ada, path)
    assert "Secret round" not in page
    assert "Kim Aho" not in page
    assert page.count("<tr>") == 2
    assert "Secret round" not in text_of(ada, f"{path}?about=round:{there.id}")


def test_the_lines_that_the_filters_leave_are_taken_out_and_that_is_noted(ada, session, cast, path, note):
    note("round.open", f"round:{uuid.uuid4()}")
    note("programme.changed", fields=["minimum"])
    token = csrf_of(ada, path)
    with ada.post(f"{path}/export?kind=programme", data={"csrf_token": token, "kind": "json"}) as answer:
        (row,) = json.loads(answer.get_data())["rows"]
    assert (row["by"], row["action"], row["facts"]) == ("Ada Oduya", "programme.changed", {"fields": ["minimum"]})
    with ada.post(f"{path}/export?kind=programme", data={"csrf_token": token, "kind": "csv"}) as answer:
        (row,) = csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    assert row["facts"] == '{"fields": ["minimum"]}'
    with ada.post(f"{path}/export", data={"csrf_token": token, "kind": "xlsx"}) as answer:
        assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert [e.facts["rows"] for e in session.query(AuditEvent).filter_by(action="export.audit")] == [1, 1, 4]


def test_a_new_log_says_that_nothing_was_done(ada, path):
    assert "Nothing has been done yet." in text_of(ada, path)
