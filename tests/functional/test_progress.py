"""Goals and achievements: a mentee's page, her mentor's view of it, and a coordinator's endorsement."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.cast import csrf_of, sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from webapp.models import Achievement, AuditEvent, Goal, Mentorship
from webapp.services.progress import keep_achievement, keep_goal

NEW = "/me/progress/achievements/new"
LINE = {"kind": "talk", "text": "Talk in Oslo", "achieved_on": "2026-05-03"}


@pytest.fixture
def lee(client, session, cast):
    return sign_in(client, session, cast.lee)


@pytest.fixture
def line(session, cast) -> Achievement:
    now = datetime.now(UTC)
    keep_achievement(session, cast.lee.id, None, kind="talk", text="Talk in Oslo", achieved_on=now.date(), now=now)
    return session.query(Achievement).one()


def endorse_path(cast, line, slug=""):
    return f"/c/{slug or cast.programme.slug}/people/{cast.mentee.id}/achievements/{line.id}"


def test_an_achievement_is_added_changed_and_removed(client, session, lee):
    assert send(client, NEW, **LINE).location == "/me/progress"
    assert "Talk in Oslo" in text_of(client, "/me/progress")
    path = f"/me/progress/achievements/{session.query(Achievement).one().id}"
    assert 'value="Talk in Oslo"' in text_of(client, path)
    send(client, path, **LINE | {"text": "Talk in Bergen", "kind": "teaching"})
    assert session.query(Achievement.text, Achievement.kind).one() == ("Talk in Bergen", "teaching")
    send(client, path, remove="1")
    assert session.query(Achievement).count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "Write down what you brought about."),
        ({"text": "x" * 301}, "Please stay under 300 characters."),
        ({"achieved_on": "2999-01-01"}, "Give a date that has come already."),
        ({"achieved_on": ""}, "Give a date."),
        ({"kind": "medal"}, "Not a valid choice."),
    ],
)
def test_a_line_that_cannot_be_kept_says_why_and_keeps_what_was_typed(client, session, lee, wrong, said):
    page = send(client, NEW, **LINE | wrong).get_data(as_text=True)
    assert said in page
    assert session.query(Achievement).count() == 0
    assert wrong.get("text", "Talk in Oslo").strip() in page


def test_a_goal_is_set_and_reached(client, session, lee):
    send(client, "/me/progress/goals/new", text="Ten hernias", due_on="")
    goal = session.query(Goal).one()
    assert (goal.due_on, goal.reached_at) == (None, None)
    send(client, f"/me/progress/goals/{goal.id}", text="Ten hernias", due_on="2027-12-01", is_reached="y")
    session.expire_all()
    assert goal.reached_at is not None
    assert "reached" in text_of(client, "/me/progress")
    send(client, f"/me/progress/goals/{goal.id}", remove="1")
    assert session.query(Goal).count() == 0


def test_what_she_brings_is_kept(client, session, cast, lee):
    send(client, "/me/progress/brings", page="/me/progress", brings="Clean tables")
    assert "Clean tables" in text_of(client, "/me/progress")
    long = send(client, "/me/progress/brings", page="/me/progress", brings="x" * 601).get_data(as_text=True)
    assert "Please stay under 600 characters." in long


def test_lines_of_others_are_not_found(client, session, cast, line, now):
    keep_goal(session, cast.lee.id, None, text="Hers", due_on=None, is_reached=False, now=now)
    goal = session.query(Goal).one()
    sign_in(client, session, cast.mo)
    for path in (f"/me/progress/achievements/{line.id}", f"/me/progress/goals/{goal.id}"):
        assert client.get(path).status_code == 404
        data = {"csrf_token": csrf_of(client, "/me"), **LINE, "remove": "1"}
        assert client.post(path, data=data).status_code == 404
    assert (session.query(Achievement).count(), session.query(Goal).count()) == (1, 1)


def test_her_mentor_sees_what_is_new_since_the_last_round(client, session, cast, now):
    moment = datetime.now(UTC)
    round_ = make_round(session, cast.programme, state="active", published_at=moment - timedelta(days=30))
    answers = {"state": "accepted", "mentor_answer": "yes", "mentee_answer": "yes"}
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, **answers)
    sides = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    pair = Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60)
    session.add(pair)
    session.commit()
    for text, days in (("Old paper", 90), ("New paper", 3)):
        at = moment - timedelta(days=days)
        keep_achievement(session, cast.lee.id, None, kind="paper", text=text, achieved_on=at.date(), now=at)
    sign_in(client, session, cast.mo)
    page = text_of(client, f"/mentorships/{pair.id}")
    assert "One thing brought about since the last round" in page
    assert page.index("New paper") < page.index("new</span>") < page.index("Old paper")
    sign_in(client, session, cast.lee)
    assert "One thing brought about since the last round" in text_of(client, "/me/progress")
    assert "Old paper" not in text_of(client, f"/mentorships/{pair.id}"), "her own page has it"
    pair.status = "ended"
    session.commit()
    sign_in(client, session, cast.mo)
    assert "New paper" not in text_of(client, f"/mentorships/{pair.id}")


def test_an_endorsement_stays_with_the_words_it_was_given_for(client, session, cast, line):
    sign_in(client, session, cast.ada)
    person = f"/c/{cast.programme.slug}/people/{cast.mentee.id}"
    send(client, endorse_path(cast, line), page=person, text="Talk in Oslo", step="endorse")
    assert f"endorsed by {cast.programme.name} on" in text_of(client, person)
    event = session.query(AuditEvent).filter_by(action="achievement.endorsed").one()
    assert (event.by_person_id, event.subject, event.facts) == (cast.ada.id, f"membership:{cast.mentee.id}", {})
    sign_in(client, session, cast.lee)
    path = f"/me/progress/achievements/{line.id}"
    assert "Changing them takes the mark away." in text_of(client, path)
    send(client, path, kind="talk", text="Talk in Oslo", achieved_on=line.achieved_on.isoformat())
    session.expire_all()
    assert line.endorsed_at is not None
    send(client, path, kind="talk", text="Keynote in Oslo", achieved_on=line.achieved_on.isoformat())
    session.expire_all()
    assert (line.endorsed_at, line.endorsed_by_id, line.endorsed_in_id) == (None, None, None)
    sign_in(client, session, cast.ada)
    assert send(client, endorse_path(cast, line), page=person, text="Talk in Oslo").status_code == 409
    send(client, endorse_path(cast, line), page=person, text="Keynote in Oslo")
    send(client, endorse_path(cast, line), page=person, step="withdraw")
    session.expire_all()
    assert line.endorsed_at is None


def test_only_a_coordinator_of_her_programme_endorses(client, session, cast, line):
    for person, slug in ((cast.kim, cast.elsewhere.slug), (cast.kim, ""), (cast.mo, ""), (cast.lee, "")):
        sign_in(client, session, person)
        data = {"csrf_token": csrf_of(client, "/me"), "text": "Talk in Oslo"}
        assert client.post(endorse_path(cast, line, slug), data=data).status_code == 404
    sign_in(client, session, cast.ada)
    data = {"csrf_token": csrf_of(client, "/me"), "text": "x"}
    base = f"/c/{cast.programme.slug}/people"
    for path in (
        f"{base}/{cast.mentor.id}/achievements/{line.id}",
        f"{base}/{cast.mentee.id}/achievements/{uuid.uuid4()}",
    ):
        assert client.post(path, data=data).status_code == 404
    assert client.post(endorse_path(cast, line), data={"text": "Talk in Oslo"}).status_code == 400
    session.expire_all()
    assert line.endorsed_at is None
