"""The page on which a coordinator repairs a published round."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of, work_off
from webapp.models import Job, Offer, Scenario
from webapp.services.offers import answer_offer


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def published(session, cast, now):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    return round_


@pytest.fixture
def responses(cast, published):
    return f"/c/{cast.programme.slug}/responses/{published.id}"


@pytest.fixture
def path(responses):
    return f"{responses}/repair"


@pytest.fixture
def offer(session, cast, published, now):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


@pytest.fixture
def nia(session, cast):
    mentee = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"))
    session.commit()
    return mentee


def worked_out(ada, session, path, now, **form):
    send(ada, path, **({"reach": "spare"} | form))
    scenario = work_off(session, now)
    session.commit()
    return scenario


def test_answers_lead_to_the_repair_while_somebody_waits(ada, responses, path, offer, nia):
    page = text_of(ada, responses)
    assert "1 mentee waits for a mentor" in page
    assert f'href="{path}"' in page


def test_nothing_to_repair_is_said_kindly(ada, responses, path, offer):
    assert "Nobody waits for a mentor" in text_of(ada, path)
    assert path not in text_of(ada, responses)


def test_a_repair_is_seen_first_and_sent_then(ada, session, cast, path, offer, nia, now):
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    worked_out(ada, session, path, now)
    page = text_of(ada, path)
    for words in ("1 more mentee gets a mentor", "Nia Okafor", "First mentor", "Send 1 offer", "2 mails go out"):
        assert words in page
    assert "none that helps as many withdraws fewer - checked" in page
    assert session.scalar(select(Offer).where(Offer.mentee_id == nia.id)) is None
    scenario = session.scalars(select(Scenario)).one()
    answer = send(ada, f"{path}/settle", page=path, repair_id=str(scenario.id), what="apply")
    assert answer.location.endswith(path.removesuffix("/repair"))
    assert "1 new offer is sent." in text_of(ada, answer.location)
    session.expire_all()
    assert session.scalars(select(Offer).where(Offer.mentee_id == nia.id)).one().state == "open"
    again = send(ada, f"{path}/settle", page=path, repair_id=str(scenario.id), what="apply")
    assert "This repair was applied or put away already." in text_of(ada, again.location)


def test_a_repair_is_put_away(ada, session, path, offer, nia, now):
    scenario = worked_out(ada, session, path, now, reach="any")
    assert "Nobody more can get a mentor this way" in text_of(ada, path)
    send(ada, f"{path}/settle", page=path, repair_id=str(scenario.id), what="drop")
    page = text_of(ada, path)
    assert "The repair is put away. Nothing was sent." in page
    assert "Find the smallest change" in page


def test_pairs_that_no_longer_hold_are_named(ada, session, cast, path, offer, nia, now):
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    scenario = worked_out(ada, session, path, now)
    cast.mentor.offer.minutes_a_month = 30
    session.commit()
    answer = send(ada, f"{path}/settle", page=path, repair_id=str(scenario.id), what="apply")
    page = answer.get_data(as_text=True)
    assert "Nothing was changed: some pairs no longer hold" in page
    assert "the mentor has fewer minutes left now" in page


@pytest.mark.parametrize(
    ("most", "said"), [("0", "from 1 to 1,000"), ("", "how many offers"), ("few", "valid integer")]
)
def test_a_cap_that_is_no_number_is_refused_with_the_choice_kept(ada, session, path, offer, nia, most, said):
    page = send(ada, path, reach="some", most=most).get_data(as_text=True)
    assert said in page
    assert 'checked id="reach-1"' in page
    assert session.scalar(select(Job)) is None


def test_work_in_progress_is_shown_and_stopped(ada, session, path, offer, nia):
    send(ada, path, reach="some", most="2")
    assert session.scalars(select(Scenario)).one().rules == {"most_withdrawn": 2}
    assert "Working out the smallest repair" in text_of(ada, path)
    part = ada.get(f"{path}/progress", headers={"HX-Request": "true"})
    assert part.get_data(as_text=True).startswith('<div class="set job"')
    second = send(ada, path, reach="any")
    assert "A repair is being worked out already." in text_of(ada, second.location.partition("#")[0])
    send(ada, f"{path}/stop", page=path)
    session.expire_all()
    assert session.scalars(select(Scenario)).one().status == "cancelled"
    assert ada.get(f"{path}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert ada.get(f"{path}/progress").status_code == 302


def test_a_repair_of_another_round_is_not_found(ada, session, cast, path, offer, nia, now):
    scenario = worked_out(ada, session, path, now)
    other = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    there = f"/c/{cast.programme.slug}/responses/{other.id}/repair"
    answer = send(ada, f"{there}/settle", page=there, repair_id=str(scenario.id), what="drop")
    assert answer.status_code == 404


def test_a_repair_never_stands_on_the_review_board(ada, session, cast, path, published, offer, nia, now):
    worked_out(ada, session, path, now)
    page = text_of(ada, f"/c/{cast.programme.slug}/rounds/{published.id}")
    assert "Work the pairs out again" not in page
    assert "repair" not in page


def test_a_round_that_is_closed_takes_no_repair(ada, session, path, published, nia):
    published.state = "closing"
    session.commit()
    assert "This round takes no answers any more." in text_of(ada, path)
