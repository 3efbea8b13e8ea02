"""Answers of a published round, and the pairs of a programme."""

import pytest

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, state_of, text_of
from webapp.models import Mentorship, Offer


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def published(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    return round_


@pytest.fixture
def path(cast, published):
    return f"/c/{cast.programme.slug}/responses/{published.id}"


@pytest.fixture
def offer(session, cast, published, now):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now, mentee_answer="yes")
    session.commit()
    return offer


def make_pair(session, offer, **values):
    offer.state, offer.mentor_answer, offer.mentee_answer = "accepted", "yes", "yes"
    pair = Mentorship(
        offer_id=offer.id,
        mentor_id=offer.mentor_id,
        mentee_id=offer.mentee_id,
        cadence="monthly",
        meeting_minutes=60,
        slot_weekday=1,
        slot_minute=20 * 60,
        **values,
    )
    session.add(pair)
    session.commit()
    return pair


def test_answers_stand_side_by_side_with_the_deadline(ada, path, offer):
    page = text_of(ada, path)
    assert "1 offer waits for answers" in page
    assert '<span class="badge-m yes">yes</span>' in page
    assert "no answer yet" in page
    assert "until Mon 22 Feb, 12:00" in page  # 18:00 in UTC, on Ada's clock in Chicago
    assert "Tue 20:00" in page


def test_open_offer_is_withdrawn_and_the_time_returns(ada, session, cast, path, offer):
    assert cast.mentor.offer.reserved_minutes == 60
    send(ada, f"{path}/withdraw", page=path, offer_id=str(offer.id))
    session.expire_all()
    assert session.get(Offer, offer.id).state == "withdrawn"
    assert cast.mentor.offer.reserved_minutes == 0
    assert "The offer is withdrawn, and both are told." in text_of(ada, path)


def test_offer_answered_meanwhile_is_not_withdrawn(ada, session, cast, path, offer):
    token_page = path
    make_pair(session, offer)
    answer = send(ada, f"{path}/withdraw", page=token_page, offer_id=str(offer.id))
    assert answer.status_code == 409
    assert "Both have said yes to this offer meanwhile." in answer.get_data(as_text=True)


def test_offer_of_another_round_is_not_withdrawn_here(ada, session, cast, path, offer, now):
    other = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    answer = send(ada, f"/c/{cast.programme.slug}/responses/{other.id}/withdraw", page=path, offer_id=str(offer.id))
    assert answer.status_code == 404


def test_time_of_answers_ends_only_when_all_have_come(ada, session, cast, published, path, offer):
    assert "End the time of answers" not in text_of(ada, path)
    steps = f"/c/{cast.programme.slug}/rounds/{published.id}/step"
    send(ada, steps, page=path, step="activate")
    assert state_of(session, published.id) == "published"
    make_pair(session, offer)
    assert "End the time of answers" in text_of(ada, path)
    for step, state in (("activate", "active"), ("close", "closing"), ("archive", "archived")):
        send(ada, steps, page=path, step=step)
        assert state_of(session, published.id) == state


def test_answers_are_filtered_and_queries_stay_few(ada, session, cast, published, path, offer, now, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    cast.mentor.offer.minutes_a_month, cast.mentor.offer.places = 9600, 50
    session.commit()
    for number in range(40):
        mentee = make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
        make_offer(session, published, cast.mentor, mentee, now=now)
    session.commit()
    with count_queries() as many:
        page = text_of(ada, path)
    assert "Page 1 of 2" in page
    assert len(many) == len(few) <= 12
    assert "No offer fits these filters" in text_of(ada, f"{path}?state=declined")
    assert "Offers 1 to 1 of 1," in text_of(ada, f"{path}?q=lindqvist&state=open")


def test_round_that_is_not_published_has_no_answers(ada, session, cast):
    round_ = make_round(session, cast.programme, state="review")
    session.commit()
    text_of(ada, f"/c/{cast.programme.slug}/responses/{round_.id}", 404)


def test_pairs_of_the_programme_are_listed(ada, session, cast, path, offer, count_queries):
    pairs = f"/c/{cast.programme.slug}/pairs"
    assert "No pair is meeting yet" in text_of(ada, pairs)
    make_pair(session, offer)
    with count_queries() as statements:
        page = text_of(ada, pairs)
    assert len(statements) <= 12
    assert "One pair is meeting" in page
    assert "once a month, 60 minutes" in page
    assert "Spring 2027" in page
    assert "No pair fits these filters" in text_of(ada, f"{pairs}?status=ended")
    assert "Lee Lindqvist" in text_of(ada, f"{pairs}?q=lee")


def test_pairs_of_another_programme_are_not_listed(client, session, cast, offer):
    make_pair(session, offer)
    page = text_of(sign_in(client, session, cast.kim), f"/c/{cast.elsewhere.slug}/pairs")
    assert "Lee Lindqvist" not in page
