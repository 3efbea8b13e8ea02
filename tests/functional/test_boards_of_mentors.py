"""A mentor for each need: asked for on the request's page, and told wherever the pair is shown."""

import json

import pytest
from sqlalchemy import select

from tests.factories.cast import sign_in
from tests.factories.places import NEEDS, make_people, solve_round
from tests.functional.console import send, text_of
from webapp.models import MenteeRequest, Offer, PairRule
from webapp.services import offers, publishing

ANSWERS = {"first": NEEDS[0], "second": NEEDS[1], "mentors_wanted": "2", "goal": ""}


@pytest.fixture
def people(session):
    return make_people(session)


@pytest.fixture
def solved(session, people, now):
    return solve_round(session, people, now)


@pytest.fixture
def base(solved):
    return f"/c/{solved.cast.programme.slug}/rounds/{solved.round_id}"


@pytest.fixture
def ada(client, session, solved):
    return sign_in(client, session, solved.cast.ada)


class TestAsking:
    @pytest.fixture
    def answer(self, client, session, people):
        sign_in(client, session, people.cast.lee)

        def save(**values):
            path = f"/me/request/{people.cast.programme.slug}"
            assert send(client, path, **ANSWERS | values).status_code == 302
            mine = select(MenteeRequest).where(MenteeRequest.membership_id == people.lee.id)
            return session.scalars(mine.execution_options(populate_existing=True)).one()

        return save

    def test_the_choice_is_kept_and_stands_ticked(self, client, answer, people):
        assert answer(board="y").board
        page = text_of(client, f"/me/request/{people.cast.programme.slug}")
        assert "One mentor for each of my needs" in page
        assert 'checked id="board"' in page
        assert not answer().board

    @pytest.mark.parametrize("values", [{"mentors_wanted": "1"}, {"second": ""}], ids=["one mentor", "one need"])
    def test_it_means_nothing_with_one_mentor_or_one_need(self, answer, values):
        assert not answer(board="y", **values).board


class TestOnTheBoard:
    def test_each_pair_says_what_it_is_for_in_every_view(self, ada, base):
        for view in ("pairs", "mentees", "mentors"):
            page = text_of(ada, f"{base}?view={view}")
            assert page.count("For: Leadership") == page.count("For: Work-life integration") == 1

    def test_a_pin_from_the_page_of_a_change_is_for_the_need_that_the_page_named(self, ada, session, solved, base):
        pair = f"mentor={solved.ida.id}&mentee={solved.lee.id}&scenario={solved.scenario.id}"
        page = f"{base}/change?what=move&from={solved.rosa.id}&{pair}"
        assert "<dt>Is for</dt><dd>Work-life integration</dd>" in text_of(ada, page)
        ids = {"mentor_id": str(solved.ida.id), "mentee_id": str(solved.lee.id)}
        send(ada, page, page=page, what="pin", role=NEEDS[1], seen="0", **ids)
        assert session.scalars(select(PairRule.role)).one() == NEEDS[1]

    def test_the_export_has_the_need(self, ada, solved):
        path = f"/c/{solved.cast.programme.slug}/reports"
        asked = {"proposals-scenario_id": str(solved.scenario.id), "proposals-json": "1"}
        with send(ada, f"{path}/proposals", page=path, **asked) as answer:
            rows = json.loads(answer.get_data())["rows"]
        assert sorted(row["role"] for row in rows) == sorted(["", *NEEDS[:2]])


class TestOnceOffered:
    @pytest.fixture
    def offered(self, session, solved):
        publishing.publish_round(session, solved.round_id, solved.scenario.id, expected_offers=3, **solved.who)
        found = {offer.mentor_id: offer.id for offer in session.scalars(select(Offer))}
        solved.offer_id = found[solved.rosa.id]
        return solved

    def test_both_read_on_the_offer_what_it_is_for(self, client, session, offered):
        for person in (offered.cast.lee, offered.rosa.person):
            sign_in(client, session, person)
            assert "For: Work-life integration" in text_of(client, f"/offers/{offered.offer_id}")

    @pytest.mark.usefixtures("clock")
    def test_the_pair_and_the_mentees_own_board_keep_the_need(self, client, session, offered, now):
        offered.rosa.offer.topics = ["burnout"]  # what she offers may change; what the pair is for does not
        session.commit()
        persons = offered.cast.lee.id, offered.rosa.person_id
        for person_id in persons:
            offers.answer_offer(session, offered.offer_id, person_id=person_id, answer="yes", now=now)
        sign_in(client, session, offered.cast.lee)
        home = text_of(client, "/home")
        before, _, after = home.partition("Work-life integration")
        assert "Dr Rosa Prat" in after
        assert "Dr Rosa Prat" not in before
        pair = text_of(client, "/mentorships").partition('href="/mentorships/')[2].partition('"')[0]
        assert "For: Work-life integration" in text_of(client, f"/mentorships/{pair}")
