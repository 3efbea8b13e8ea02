"""The page that answers "why not?" about a solved round."""

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze
from tests.functional.console import send, text_of, work_off
from webapp.models import PairRule
from webapp.services import whys


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def nia(session, cast):
    mentee = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"), topics=["career_change"])
    session.commit()
    return mentee


@pytest.fixture
def solved(ada, session, cast, nia, now):
    """Return a scenario in which Mo's one place went to Lee."""
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
    session.commit()
    frozen = freeze(session, cast.programme, cast.ada, now)
    base = f"/c/{cast.programme.slug}/rounds/{frozen}"
    send(ada, f"{base}/solve", page=base, objective="coverage")
    return work_off(session, now)


@pytest.fixture
def path(cast, solved):
    return f"/c/{cast.programme.slug}/rounds/{solved.round_id}/why"


def test_board_leads_to_the_question(ada, cast, solved, path, nia):
    page = text_of(ada, path.removesuffix("/why"))
    assert "Why not two others?" in page
    assert f"mentee={nia.id}" in page
    assert "Ask</button>" in text_of(ada, path)


def test_a_pair_not_chosen_is_told_with_its_cost_and_who_would_go(ada, cast, path, nia):
    page = text_of(ada, f"{path}?mentor={cast.mentor.id}&mentee={nia.id}")
    assert "Nia Okafor and Dr Mo Farahani could be a pair" in page
    assert "The fits of all pairs together would be lower by" in page
    assert "Would end: Lee Lindqvist with Dr Mo Farahani" in page
    assert "Pin this pair" in page


def test_the_pair_can_be_pinned_from_the_answer(ada, session, cast, path, nia, solved):
    here = f"{path}?mentor={cast.mentor.id}&mentee={nia.id}"
    rule = f"{path.removesuffix('/why')}/rule"
    send(ada, rule, page=here, mentor_id=str(cast.mentor.id), mentee_id=str(nia.id), kind="pin")
    assert session.query(PairRule).one().mentee_id == nia.id


def test_a_pair_of_the_scenario_is_said_to_be_one(ada, cast, path):
    page = text_of(ada, f"{path}?mentor={cast.mentor.id}&mentee={cast.mentee.id}")
    assert "Lee Lindqvist and Dr Mo Farahani are a pair" in page
    assert "Pin this pair" not in page


def test_a_pair_that_cannot_be_is_told_by_the_rule(ada, session, cast, nia, now):
    person = make_person(session, "Dr Ines Duarte", profile={"languages": ["sv"]})
    ines = make_mentor(session, cast.programme, person)
    session.commit()
    frozen = freeze(session, cast.programme, cast.ada, now)
    base = f"/c/{cast.programme.slug}/rounds/{frozen}"
    send(ada, f"{base}/solve", page=base, objective="coverage")
    work_off(session, now)
    page = text_of(ada, f"{base}/why?mentor={ines.id}&mentee={nia.id}")
    assert "Nia Okafor and Dr Ines Duarte cannot be a pair" in page
    assert "The two share no language." in page


def test_somebody_left_out_is_told_what_would_help(ada, path, nia):
    page = text_of(ada, f"{path}?mentee={nia.id}")
    assert "Nia Okafor was left out" in page
    assert "Mentors would be possible, but fit others better or have no place left." in page
    assert "would be enough" in page


def test_somebody_with_a_mentor_was_not_left_out(ada, cast, path):
    assert "Lee Lindqvist is in a pair" in text_of(ada, f"{path}?mentee={cast.mentee.id}")


def test_people_who_were_not_frozen_cannot_be_chosen(ada, session, cast, path):
    late = make_mentee(session, cast.programme, make_person(session, "Ola Example"))
    session.commit()
    page = text_of(ada, f"{path}?mentee={late.id}")
    assert "Ola Example" not in page
    assert "Why not these two?" in page


def test_a_round_too_large_for_a_page_says_where_to_ask(ada, cast, path, monkeypatch):
    monkeypatch.setattr(whys, "MOST_PAIRS", 1)
    whys._ready.clear()
    assert "This round is too large to be asked here." in text_of(ada, f"{path}?mentee={cast.mentee.id}")


def test_a_scenario_without_its_proof_is_not_guessed_about(ada, session, cast, path, solved):
    other = make_scenario(session, solved.round, [(cast.mentor, cast.mentee)])
    session.commit()
    page = text_of(ada, f"{path}?scenario={other.id}&mentee={cast.mentee.id}")
    assert "Hours were so scarce here that nothing exact can be said of other pairs." in page


def test_a_round_without_pairs_has_no_such_page(ada, session, cast):
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    text_of(ada, f"/c/{cast.programme.slug}/rounds/{round_.id}/why", status=404)


def test_the_answers_of_a_scenario_are_kept_ready(ada, cast, path, nia, count_queries):
    asked = f"{path}?mentor={cast.mentor.id}&mentee={nia.id}"
    text_of(ada, asked)
    with count_queries() as counted:
        text_of(ada, asked)
    assert len(counted) <= 8
