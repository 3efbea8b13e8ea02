"""The report of a round: the same figures in the browser and as PDF, and nobody's name."""

import re
import uuid

import pytest

from tests.factories.cast import csrf_of, make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.functional.console import text_of
from webapp.models import AuditEvent, Proposal, Scenario
from webapp.services.round_report import round_report


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def round_(session, cast, now):
    """A published round: Lee has two mentors, Zoë is left out, Yu was taken out by hand."""
    zoe = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    yu = make_mentee(session, cast.programme, make_person(session, "Yu Tachibana"))
    second = make_mentor(session, cast.programme, make_person(session, "Dr Grace Odhiambo"), minutes=60)
    mentors = [
        {"key": str(member.id), "minutes": minutes, "paused": False}
        for member, minutes in ((cast.mentor, 120), (second, 60))
    ]
    mentees = [
        {"key": str(member.id), "stage": stage, "specialties": specialties}
        for member, stage, specialties in (
            (cast.mentee, "resident_junior", ["general_surgery"]),
            (zoe, "resident_junior", []),
            (yu, "fellow", ["vascular_surgery"]),
        )
    ]
    snapshot = {"mentors": mentors, "mentees": mentees, "settings": {"weights": {}}}
    round_ = make_round(session, cast.programme, state="published", published_at=now, snapshot=snapshot)
    pairs = [(cast.mentor, cast.mentee), (second, cast.mentee), (cast.mentor, yu)]
    scenario = make_scenario(session, round_, pairs, published_at=now)
    scenario.totals = {"mentors": 2, "mentees": 3, "minutes_given": 180, "gap": 0.0, "served": [], "no_hour": []}
    scenario.unmatched = [{"membership_id": str(zoe.id), "side": "mentee", "why": "no_shared_hours", "acceptable": 0}]
    session.query(Proposal).filter_by(mentee_id=yu.id).one().removed_at = now
    make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    make_offer(session, round_, second, cast.mentee, now=now, state="declined", decline_reason="no_time")
    session.commit()
    return round_


@pytest.fixture
def path(cast, round_):
    return f"/c/{cast.programme.slug}/rounds/{round_.id}/report"


def test_figures_are_those_of_what_was_published(session, cast, round_):
    report = round_report(session, cast.programme.id, round_.id)
    assert (report.covered, report.mentees, report.pairs, report.second) == (1, 3, 2, 1)
    assert (report.minutes_used, report.minutes_given, report.mentors_used) == (120, 180, 2)
    assert report.weakest == 0.9
    assert report.fits == (0,) * 9 + (1,)
    assert report.use == {"none": 0, "some": 1, "most": 0, "all": 1}
    assert report.answers == {"open": 1, "declined": 1}
    assert report.declines == {"no_time": 1}
    assert [(s.key, s.covered, s.all) for s in report.stages] == [("resident_junior", 1, 2), ("fellow", 0, 1)]
    assert {(s.key, s.covered, s.all) for s in report.specialties} == {
        ("general_surgery", 1, 1),
        ("", 0, 1),
        ("vascular_surgery", 0, 1),
    }
    assert report.left_out == {"no_shared_hours": 1, "removed": 1}
    assert report.is_best


def test_whom_a_coordinator_gave_a_mentor_is_not_left_out(session, cast, round_):
    pair = session.query(Proposal).filter_by(mentee_id=cast.mentee.id).first()
    pair.mentee_id = uuid.UUID(session.get(Scenario, pair.scenario_id).unmatched[0]["membership_id"])
    session.commit()
    assert "no_shared_hours" not in round_report(session, cast.programme.id, round_.id).left_out


def test_page_says_what_came_of_it_and_names_nobody(ada, path, count_queries):
    with count_queries() as statements:
        page = text_of(ada, path)
    assert len(statements) <= 12
    assert "1 of 3 mentees were offered a mentor" in page
    assert "No better matching exists - checked, before 1 change by hand" in page
    assert "Junior resident" in page
    assert "No time now" in page
    assert "The pair was taken out by hand." in page
    body = page[page.index("<main") : page.index("</main>")]
    for name in ("Lindqvist", "Farahani", "Abernathy", "Tachibana", "Odhiambo"):
        assert name not in body


def test_pdf_is_one_page_with_title_and_language_and_noted(ada, session, cast, path, round_):
    answer = ada.post(f"{path}/pdf", data={"csrf_token": csrf_of(ada, path)})
    content = answer.get_data()
    assert answer.mimetype == "application/pdf"
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == 1
    assert b"/Lang" in content
    event = session.query(AuditEvent).filter_by(action="export.report").one()
    assert (event.by_person_id, event.subject) == (cast.ada.id, f"round:{round_.id}")


@pytest.mark.parametrize("name", ["Зоя", "Ελένη", "محمد", "山田", "👩‍⚕️ Ward"])
def test_pdf_is_made_whatever_letters_the_programme_is_written_in(ada, session, cast, round_, path, name):
    cast.programme.name = round_.name = name
    session.commit()
    assert ada.post(f"{path}/pdf", data={"csrf_token": csrf_of(ada, path)}).status_code == 200


def test_round_that_is_not_published_has_no_report(ada, session, cast):
    round_ = make_round(session, cast.programme, state="review")
    session.commit()
    text_of(ada, f"/c/{cast.programme.slug}/rounds/{round_.id}/report", 404)
    text_of(ada, f"/c/{cast.programme.slug}/rounds/{uuid.uuid4()}/report", 404)
