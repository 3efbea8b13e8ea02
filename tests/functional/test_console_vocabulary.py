"""The vocabulary of a programme: changed by its coordinator, met by those who join, known to the engine."""

import html
import re

import pytest

from tests.factories.cast import make_person, sign_in
from tests.functional.console import send, text_of
from webapp.engine.encode import snapshot_of
from webapp.engine.words import Words
from webapp.models import AuditEvent, Membership, MenteeRequest, MentorOffer, Programme

RTL = "جراحة الروبوت"


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return lambda kind: f"/c/{cast.programme.slug}/settings/vocabulary?kind={kind}"


def form_of(client, path) -> dict[str, list[str] | str]:
    """Return the form as a browser would send it back, lists where a name stands several times."""
    page = text_of(client, path).partition("<main")[2].partition("</main>")[0]
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in found and (found.get("type") != "checkbox" or "checked" in tag):
            values.setdefault(found["name"], []).append(html.unescape(found.get("value", "")))
    del values["csrf_token"]
    return values


def save(client, path, *, without=(), **changes):
    values = form_of(client, path) | changes
    values["offered"] = [key for key in values["offered"] if key not in without]
    return client.post(path, data={"csrf_token": token_of(client, path), **values}, follow_redirects=False)


def token_of(client, path):
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text_of(client, path)).group(1)


def words_of(session, cast) -> Words:
    return Words.read(session.get(Programme, cast.programme.id, populate_existing=True).vocabulary)


def own(name, also="", key=""):
    return {"own-id": [key], "own-name": [name], "own-also": [also]}


@pytest.mark.parametrize("kind", ["stage", "specialty", "language", "topic"])
def test_saving_a_kind_as_it_stands_leaves_no_trace(ada, session, cast, path, kind):
    assert save(ada, path(kind)).status_code == 302
    assert words_of(session, cast) == Words()
    assert session.query(AuditEvent).count() == 0


def test_forms_offer_what_the_programme_chose_in_its_own_names(ada, client, session, cast, path):
    topics = path("topic")
    save(ada, topics, without=["leadership"], **own(" Robotics  ", "da Vinci, robots"), **{"name-work_life": "Life"})
    save(ada, path("stage"), without=["fellow"], **{"name-resident_junior": "First years"})
    page = text_of(sign_in(client, session, cast.lee), f"/me/request/{cast.programme.slug}")
    assert "Robotics</option>" in page
    assert "Life</option>" in page
    assert 'value="leadership"' not in page
    page = text_of(client, "/me")
    assert "First years" in page
    assert 'value="fellow"' not in page


def test_somebody_who_joins_meets_the_programmes_words_from_the_first_step(ada, client, session, cast, path):
    save(ada, path("topic"), **own("Robotics"))
    save(ada, path("stage"), without=["fellow"])
    new = sign_in(client, session, make_person(session, "New Nakamura", profile={"stage": "intern"}))
    assert 'value="fellow"' not in text_of(new, f"/join/{cast.programme.slug}/you")
    send(new, f"/join/{cast.programme.slug}/roles", roles="mentor")
    assert "Robotics" in text_of(new, f"/join/{cast.programme.slug}/offer")
    assert "Robotics" not in text_of(new, f"/join/{cast.elsewhere.slug}")


def test_words_chosen_before_stay_and_can_be_chosen_again(ada, client, session, cast, path):
    save(ada, path("topic"), without=["technical_skills", "work_life"])
    lee = sign_in(client, session, cast.lee)
    request = f"/me/request/{cast.programme.slug}"
    assert "Not offered any more" in text_of(lee, request)
    answer = send(lee, request, first="work_life", second="technical_skills", mentors_wanted="1", goal="", save="1")
    assert answer.status_code == 302
    session.expire_all()
    kept = session.query(MenteeRequest).filter_by(membership_id=cast.mentee.id).one()
    assert kept.topics == ["work_life", "technical_skills"]
    mo = sign_in(client, session, cast.mo)
    offer = f"/me/offer/{cast.programme.slug}"
    values = {"topics": ["technical_skills", "leadership"], "minutes_a_month": "120", "places": "2", "save": "1"}
    assert send(mo, offer, **values).status_code == 302
    kept = session.query(MentorOffer).filter_by(membership_id=cast.mentor.id).one()
    assert kept.topics == ["technical_skills", "leadership"]


def test_a_word_not_offered_cannot_be_chosen_anew(ada, client, session, cast, path):
    save(ada, path("topic"), without=["leadership"])
    lee = sign_in(client, session, cast.lee)
    request = f"/me/request/{cast.programme.slug}"
    answer = send(lee, request, first="leadership", mentors_wanted="1", goal="", save="1")
    assert "This is not in the list. Please choose again." in answer.get_data(as_text=True)


def test_own_topics_count_in_a_fit_and_travel_with_the_frozen_round(ada, session, cast, path, now):
    save(ada, path("topic"), **own(RTL), **{"name-work_life": "Life"})
    (topic,) = words_of(session, cast).topics
    assert topic.id.startswith(f"{cast.programme.slug}:")
    for model, member in ((MentorOffer, cast.mentor), (MenteeRequest, cast.mentee)):
        session.query(model).filter_by(membership_id=member.id).one().topics = [topic.id]
    session.commit()
    snapshot = snapshot_of(session, cast.programme.id, now=now)
    assert snapshot["mentors"][0]["topics"] == [topic.id]
    assert snapshot["words"] == {
        "topics": [{"id": topic.id, "name": RTL, "also": []}],
        "names": {"topic": {"work_life": "Life"}},
    }
    page = text_of(ada, f"/c/{cast.programme.slug}/settings/counts")
    assert "Needs and topics: 1.00" in page
    assert RTL in text_of(ada, f"/c/{cast.programme.slug}/people/{cast.mentee.id}")


def test_suggestions_compare_own_topics_and_say_their_names(ada, client, session, cast, path):
    save(ada, path("topic"), **own("Robotics"))
    (topic,) = words_of(session, cast).topics
    for model, member in ((MentorOffer, cast.mentor), (MenteeRequest, cast.mentee)):
        session.query(model).filter_by(membership_id=member.id).one().topics = [topic.id]
    session.commit()
    page = text_of(sign_in(client, session, cast.lee), "/suggestions")
    assert "Robotics" in page
    assert topic.id not in page


def test_own_topic_is_renamed_and_taken_from_the_forms_but_never_lost(ada, session, cast, path):
    topics = path("topic")
    save(ada, topics, **own("Robotics"))
    (topic,) = words_of(session, cast).topics
    save(ada, topics, without=[topic.id], **own("Robots", key=topic.id))
    assert [each.name for each in words_of(session, cast).topics] == ["Robots"]
    assert topic.id not in words_of(session, cast).offers("topic")
    # A row that was taken out of the page by hand takes nothing away.
    save(ada, topics, **{"own-id": [], "own-name": [], "own-also": []})
    assert [each.name for each in words_of(session, cast).topics] == ["Robots"]


def test_two_programmes_keep_their_own_words(ada, client, session, cast, path):
    save(ada, path("topic"), without=["leadership"], **own("Robotics"))
    kim = sign_in(client, session, cast.kim)
    page = text_of(kim, f"/me/offer/{cast.elsewhere.slug}")
    assert "Robotics" not in page
    assert 'value="leadership"' in page


def test_profile_of_somebody_in_two_programmes_offers_what_either_offers(ada, client, session, cast, path):
    save(ada, path("stage"), without=["fellow", "intern"])
    session.add(Membership(person_id=cast.kim.id, programme_id=cast.programme.id, is_mentee=True))
    session.commit()
    assert 'value="fellow"' in text_of(sign_in(client, session, cast.kim), "/me")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (own("x" * 10_000), "Shorten it to 80 characters or fewer."),
        (own("", "robots"), "Give the topic a name."),
        (own("Robotics", ",".join(map(str, range(20)))), "Give ten other names at most."),
        (own("LEADERSHIP and management"), None),
        ({"name-work_life": "y" * 10_000}, "Shorten it to 80 characters or fewer."),
        ({"name-work_life": "Life", "name-leadership": " LIFE "}, "Another one has this name already."),
        ({"offered": ["nobody:knows", "'; DROP TABLE"]}, "Offer at least one of them."),
        ({"offered": []}, "Offer at least one of them."),
    ],
)
def test_bad_words_are_refused_with_the_input_kept(ada, session, cast, path, change, says):
    if says is None:  # the name of one that ships, in other letters
        shipped = re.search(r'for="offered-leadership">([^<]+)<', text_of(ada, path("topic"))).group(1)
        change, says = own(html.unescape(shipped).upper()), "Another one has this name already."
    answer = save(ada, path("topic"), **change)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert says in page
    for name, value in change.items():
        if name.startswith("name-"):
            assert f'value="{value}"' in page
    assert words_of(session, cast) == Words()


def test_unknown_ids_are_passed_over_and_marks_that_turn_the_text_around_are_taken_out(ada, session, cast, path):
    topics = path("topic")
    values = form_of(ada, topics)
    save(ada, topics, offered=[*values["offered"], "nobody:knows"], **own("Robo\u202etics\x00"), **{"name-no": "No"})
    words = words_of(session, cast)
    assert words.offers("topic") is None
    assert [topic.name for topic in words.topics] == ["Robo tics"]
    assert words.names == ()


def test_a_kind_that_a_colleague_saved_meanwhile_is_refused_and_another_is_not(ada, session, cast, path):
    topics = path("topic")
    values, token = form_of(ada, topics), token_of(ada, topics)
    save(ada, topics, **own("Robotics"))
    late = ada.post(topics, data={"csrf_token": token, **values, "name-work_life": "Mine"})
    page = late.get_data(as_text=True)
    assert "Somebody else saved this section" in page
    assert 'value="Mine"' in page
    assert save(ada, path("stage"), without=["fellow"]).status_code == 302
    assert words_of(session, cast).offers("stage") is not None


def test_unknown_kinds_are_not_found(ada, path):
    text_of(ada, path("horoscope"), status=404)
