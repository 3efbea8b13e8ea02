"""Publishing a round from its board, and what keeps it from being published."""

from tests.functional.console import send, state_of, text_of
from tests.functional.rounds import publish
from webapp.models import Offer, OutboxMessage


def test_publishing_asks_for_the_number_and_says_how_many_mails_go_out(ada, session, base, reviewed):
    page = text_of(ada, f"{base}/{reviewed.round_id}/publish?scenario={reviewed.id}")
    assert "Publish 1 offer?" in page
    assert "2 people get a mail now." in page
    assert "7 days to answer" in page
    answer = publish(ada, base, reviewed, "2")
    assert "That is not the number of offers in the heading." in answer.get_data(as_text=True)
    assert "Type the number of offers" in publish(ada, base, reviewed, "").get_data(as_text=True)
    assert session.query(Offer).count() == 0


def test_published_round_shows_its_answers(ada, session, cast, base, reviewed):
    answer = publish(ada, base, reviewed, "1")
    responses = f"/c/{cast.programme.slug}/responses/{reviewed.round_id}"
    assert answer.headers["Location"] == responses
    assert session.query(OutboxMessage).count() == 2
    page = text_of(ada, responses)
    assert "1 offer waits for answers" in page
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert "See the answers" in page
    assert "Pin<span" not in page


def test_round_is_published_once(ada, session, base, reviewed):
    publish(ada, base, reviewed, "1")
    answer = publish_again(ada, base, reviewed)
    assert answer.status_code == 409
    assert "This round is published already" in answer.get_data(as_text=True)
    assert session.query(Offer).count() == 1


def publish_again(client, base, scenario):
    path = f"{base}/{scenario.round_id}/publish?scenario={scenario.id}"
    return send(client, path, page=base + "/new", offers="1")


def test_limit_lowered_meanwhile_stops_publishing_and_names_the_pair(ada, session, cast, base, reviewed):
    cast.mentor.offer.minutes_a_month = 30
    session.commit()
    page = publish(ada, base, reviewed, "1").get_data(as_text=True)
    assert "Nothing was published: some pairs no longer hold" in page
    assert "Lee Lindqvist with Dr Mo Farahani: the mentor has fewer minutes left now" in page
    assert state_of(session, reviewed.round_id) == "review"
