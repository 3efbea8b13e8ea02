"""The directory of mentors who may be written to: whom it shows, how it is searched, what it keeps quiet."""

import re
import uuid
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme, sign_in
from tests.factories.letters import open_box
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from webapp.models import Exclusion, Interest, Membership, utc_now

PATH = "/mentors"


@pytest.fixture
def mentors(session, cast):
    """Uma is an otolaryngologist in Oslo, Eve has no time left, and Ida takes no letters."""
    open_box(session, cast.mentor, about="Say what you have tried.")
    uma = make_person(
        session,
        "Dr Uma Rao",
        zone="Europe/Oslo",
        profile={"specialties": ["otolaryngology"], "country": "NO", "city": "Oslo", "languages": ["en", "no"]},
    )
    eve, ida = make_person(session, "Dr Eve Cho"), make_person(session, "Dr Ida Berg")
    members = [
        make_mentor(session, cast.programme, person, topics=["research_mentorship"]) for person in (uma, eve, ida)
    ]
    members[1].offer.reserved_minutes = members[1].offer.minutes_a_month
    for member in members[:2]:
        open_box(session, member)
    session.commit()
    return members


@pytest.fixture
def lee(client, session, cast, mentors):
    return sign_in(client, session, cast.lee)


def names(client, **filters):
    page = client.get(PATH, query_string=filters)
    assert page.status_code == 200
    return re.findall(r"<bdi>(Dr [^<]+)</bdi>", page.get_data(as_text=True))


def test_only_mentors_who_take_letters_are_there_with_time_first(lee):
    assert names(lee) == ["Dr Mo Farahani", "Dr Uma Rao", "Dr Eve Cho"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "ENT"}, ["Dr Uma Rao"]),
        ({"q": "oslo rao"}, ["Dr Uma Rao"]),
        ({"q": "nobody"}, []),
        ({"q": "100%"}, []),
        ({"specialty": "otolaryngology"}, ["Dr Uma Rao"]),
        ({"topic": "leadership"}, ["Dr Mo Farahani"]),
        ({"language": "no"}, ["Dr Uma Rao"]),
        ({"country": "NO"}, ["Dr Uma Rao"]),
        ({"zone": "Europe/Oslo"}, ["Dr Uma Rao"]),
        ({"free": "1"}, ["Dr Mo Farahani", "Dr Uma Rao"]),
        ({"specialty": "gibberish", "page": "99"}, ["Dr Mo Farahani", "Dr Uma Rao", "Dr Eve Cho"]),
    ],
)
def test_words_and_filters_in_the_address(lee, filters, found):
    assert names(lee, **filters) == found


def test_mentor_page_tells_what_she_offers_and_what_to_write(lee, cast):
    page = text_of(lee, f"{PATH}/{cast.mentor.id}")
    for text in ("Say what you have tried.", "Operative and technical skills", "10 hours a week", "3 more letters"):
        assert text in page
    assert cast.mo.email not in page


def test_whoever_is_ruled_out_or_away_is_not_there(lee, session, cast, mentors):
    uma, eve, ida = mentors
    session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="CONFLICT"))
    session.add(Interest(mentor_id=uma.id, mentee_id=cast.mentee.id, side="mentor", verdict="not_for_me"))
    eve.offer.paused_from = date(2020, 1, 1)
    session.commit()
    assert names(lee) == []
    for member in (cast.mentor, uma, eve, ida):
        for path in (f"{PATH}/{member.id}", f"{PATH}/{member.id}/letter"):
            text_of(lee, path, 404)


def test_another_programmes_mentor_and_oneself_are_nobody(client, session, cast, mentors):
    kim = session.scalars(select(Membership).where(Membership.person_id == cast.kim.id, Membership.is_mentor)).one()
    open_box(session, kim)
    make_mentee(session, cast.programme, cast.mo)
    session.commit()
    lee = sign_in(client, session, cast.lee)
    for key in (kim.id, uuid.uuid4(), cast.mentee.id):
        text_of(lee, f"{PATH}/{key}", 404)
    mo = sign_in(client, session, cast.mo)
    assert "Dr Mo Farahani" not in names(mo)
    text_of(mo, f"{PATH}/{cast.mentor.id}", 404)
    assert "You look for a mentor in no programme" in text_of(sign_in(client, session, cast.ada), PATH)
    text_of(client, f"{PATH}/{cast.mentor.id}", 404)


def test_mentee_in_several_programmes_chooses_one(client, session, cast, mentors):
    other = make_programme(session, "Harbour Mentors")
    make_mentee(session, other, cast.lee)
    open_box(session, make_mentor(session, other, make_person(session, "Dr Har Bour")))
    session.commit()
    lee = sign_in(client, session, cast.lee)
    assert names(lee, programme=other.slug) == ["Dr Har Bour"]
    assert "Harbour Mentors" in text_of(lee, PATH)
    assert len(names(lee, programme=cast.programme.slug)) == 3


def test_interested_and_not_for_me_are_kept_as_in_suggestions(lee, session, cast):
    path = f"{PATH}/{cast.mentor.id}"
    for verdict, told in (("interested", "You are interested"), ("not_for_me", "marked “not for me”")):
        send(lee, f"{path}/say", page=path, verdict=verdict)
        assert told in text_of(lee, path)
    send(lee, f"{path}/say", page=path, verdict="")
    assert session.scalars(select(Interest)).all() == []
    send(lee, f"{path}/say", page=path, verdict="gibberish")
    assert session.scalars(select(Interest)).all() == []


def test_pair_that_meets_already_needs_no_letter(lee, session, cast, mentors):
    round_ = make_round(session, cast.programme, state="published")
    make_offer(session, round_, cast.mentor, cast.mentee, now=utc_now(), holds_minutes=True)
    session.commit()
    assert "You meet already" in text_of(lee, PATH)
    page = text_of(lee, f"{PATH}/{cast.mentor.id}")
    assert "meet already, or have an offer open" in page
    assert lee.get(f"{PATH}/{cast.mentor.id}/letter").status_code == 302


def test_queries_stay_the_same_however_many_mentors(client, session, cast, mentors, count_queries):
    counts = []
    for _more in range(2):
        lee = sign_in(client, session, cast.lee)
        with count_queries() as queries:
            names(lee, q="surgery")
        counts.append(len(queries))
        for number in range(20):
            person = make_person(session, f"Dr Many{number} Example")
            open_box(session, make_mentor(session, cast.programme, person))
        session.commit()
    assert counts[0] == counts[1] <= 12
    assert "Page 1 of 4" in text_of(client, PATH)
    with count_queries() as queries:
        text_of(client, f"{PATH}/{cast.mentor.id}")
    assert len(queries) <= 12


def test_name_in_another_script_is_shown_as_it_is(lee, session, cast, mentors):
    mentors[0].person.name = "د. ليلى فرهاني <b>"
    session.commit()
    assert "د. ليلى فرهاني &lt;b&gt;" in text_of(lee, PATH)
