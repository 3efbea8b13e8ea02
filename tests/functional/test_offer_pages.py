"""An offer's page, and its answer by button and by the link in the mail."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentee, make_person, sign_in
from tests.factories.offers import make_offer
from tests.functional.offering import REASONS, send, state_of, text_of
from webapp.models import Mentorship, OutboxMessage
from webapp.services.answer_links import VALID_DAYS, make_answer_token
from webapp.services.offers import answer_offer

pytestmark = pytest.mark.usefixtures("clock")


class TestOfferPage:
    def test_the_mentor_reads_who_why_when_and_what_her_month_would_be(self, as_mo, offer):
        text = text_of(as_mo.get(f"/offers/{offer.id}"))
        assert "Would you mentor Lee Lindqvist?" in text
        assert "Please answer by Monday 22 February" in text
        assert "I want to run the room." in text
        assert "You offer all 1 things looked for: Leadership" in text
        assert "Tuesdays, 20:00 to 21:00" in text
        assert "For Lee it is 19:00" in text
        assert "Your March, if you say yes" in text
        assert "60 of the 120 minutes you give." in text

    @pytest.mark.parametrize("accepted", [False, True])
    def test_neither_reads_what_the_other_wished(self, client, session, cast, offer, now, accepted):
        wishes = [{"kind": "plus", "key": key, "params": {}} for key in ("wish_mentor", "wish_mentee")]
        offer.reasons = [*REASONS, *wishes]
        session.commit()
        path = f"/offers/{offer.id}"
        if accepted:
            for person in (cast.mo, cast.lee):
                answer_offer(session, offer.id, person_id=person.id, answer="yes", now=now)
            path = f"/mentorships/{session.scalars(select(Mentorship.id)).one()}"
        for person in (cast.mo, cast.lee):
            page = sign_in(client, session, person).get(path).get_data(as_text=True)
            lines = re.search(r'<ul class="why">(.*?)</ul>', page, re.DOTALL)[1].split("<li")[1:]
            assert len(lines) == 2
            assert "You said that you are interested." in lines[1]

    def test_the_mentee_reads_it_by_her_own_clock_without_the_mentors_other_pairs(
        self, client, session, cast, round_, offer, now
    ):
        other = make_person(session, "Third Person")
        make_offer(session, round_, cast.mentor, make_mentee(session, cast.programme, other), now=now)
        text = text_of(sign_in(client, session, cast.lee).get(f"/offers/{offer.id}"))
        assert "Would you like Dr Mo Farahani as your mentor?" in text
        assert "Tuesdays, 19:00 to 20:00" in text
        assert "For Dr Farahani it is 20:00" in text
        assert "Third" not in text
        assert cast.mo.email not in text

    def test_a_yes_waits_and_two_make_a_pair_with_addresses(self, client, session, cast, offer):
        path = f"/offers/{offer.id}"
        sign_in(client, session, cast.mo)
        page = text_of(send(client, path, "yes"))
        assert "You said yes to Lee Lindqvist" in page
        assert cast.lee.email not in page
        sign_in(client, session, cast.lee)
        page = text_of(send(client, path, "yes"))
        assert "You and Dr Mo Farahani are a pair" in page
        assert cast.mo.email in page
        assert state_of(session, offer) == ("accepted", "yes", "yes")

    def test_a_decline_reads_not_free_to_the_other_and_keeps_its_reason(self, client, session, cast, offer):
        path = f"/offers/{offer.id}"
        sign_in(client, session, cast.mo)
        page = text_of(send(client, path, "no", reason="conflict"))
        assert "Your 60 minutes a month are yours again" in page
        sign_in(client, session, cast.lee)
        page = text_of(client.get(path))
        assert "Dr Mo Farahani is not free this round" in page
        assert "You keep your place in line." in page
        assert "onflict" not in page
        session.expire_all()
        assert offer.decline_reason == "conflict"

    def test_an_answer_that_is_neither_shows_on_the_form(self, as_mo, session, offer):
        page = text_of(send(as_mo, f"/offers/{offer.id}", "perhaps"))
        assert "Choose one of the two buttons." in page
        page = text_of(send(as_mo, f"/offers/{offer.id}", "no", reason="invented"))
        assert "One answer needs another look" in page
        assert state_of(session, offer) == ("open", "waiting", "waiting")

    def test_an_answer_without_its_token_is_refused(self, as_mo, session, offer):
        assert as_mo.post(f"/offers/{offer.id}", data={"answer": "yes"}).status_code == 400
        assert state_of(session, offer) == ("open", "waiting", "waiting")

    def test_what_was_settled_meanwhile_is_shown_as_it_stands(self, client, session, cast, offer):
        path = f"/offers/{offer.id}"
        sign_in(client, session, cast.mo)
        token = csrf_of(client, path)
        offer.state, offer.holds_minutes = "withdrawn", False
        session.commit()
        page = client.post(path, data={"csrf_token": token, "answer": "yes"}, follow_redirects=True)
        assert "This offer was withdrawn" in text_of(page)

    def test_a_late_yes_that_finds_the_place_gone_is_answered_kindly(self, client, session, cast, round_, now):
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, state="expired", mentor_answer="yes")
        cast.mentor.offer.places = 0
        session.commit()
        sign_in(client, session, cast.lee)
        response = send(client, f"/offers/{offer.id}", "yes")
        assert response.status_code == 409
        assert "That place has gone to someone else since" in text_of(response)
        assert "You keep your place in line." in text_of(response)

    def test_strangers_and_coordinators_find_nothing(self, client, session, cast, offer):
        for person in (cast.kim, cast.ada):
            sign_in(client, session, person)
            token = csrf_of(client, "/home")
            assert client.get(f"/offers/{offer.id}").status_code == 404
            answer = {"csrf_token": token, "answer": "yes"}
            assert client.post(f"/offers/{offer.id}", data=answer).status_code == 404
        assert client.get(f"/offers/{uuid.uuid4()}").status_code == 404
        assert state_of(session, offer) == ("open", "waiting", "waiting")

    def test_signed_out_it_asks_to_sign_in_and_takes_no_other_method(self, client, as_mo, offer):
        assert as_mo.put(f"/offers/{offer.id}").status_code == 405
        as_mo.delete_cookie("mosaic")
        assert as_mo.get(f"/offers/{offer.id}").location.startswith("/login")


class TestAnswerByMail:
    @pytest.fixture
    def link(self, app, offer):
        return f"/answer/{make_answer_token(app.config['SECRET_KEY'], offer.id, 'mentor')}"

    def test_opening_the_link_changes_nothing(self, client, session, link, offer):
        for _ in range(3):
            assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
        assert client.get(link + "?answer=yes").status_code == 200
        assert state_of(session, offer) == ("open", "waiting", "waiting")
        assert session.scalars(select(OutboxMessage)).all() == []

    def test_its_button_answers_without_signing_in(self, client, session, link, offer):
        assert "You said yes to Lee Lindqvist" in text_of(send(client, link, "yes"))
        assert state_of(session, offer) == ("open", "yes", "waiting")

    def test_it_shows_no_address_and_no_words_of_the_other(self, client, session, cast, link, offer):
        offer.mentee_answer = "yes"
        session.commit()
        for page in (client.get(link), send(client, link, "yes")):
            assert cast.lee.email not in text_of(page)
            assert "run the room" not in text_of(page)
        assert state_of(session, offer)[0] == "accepted"

    def test_a_post_without_its_token_or_answer_changes_nothing(self, client, session, link, offer):
        assert client.post(link, data={"answer": "yes"}).status_code == 400
        assert "Choose one of the two buttons." in text_of(send(client, link, ""))
        assert state_of(session, offer) == ("open", "waiting", "waiting")

    @pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: "x" + t, lambda t: t.replace(".", "", 1)])
    def test_an_altered_link_leads_nowhere(self, client, link, change):
        assert client.get("/answer/" + change(link.removeprefix("/answer/"))).status_code == 404

    def test_an_old_link_leads_nowhere(self, client, link, clock):
        clock.shift(timedelta(days=VALID_DAYS, seconds=-1))
        assert client.get(link).status_code == 200
        clock.shift(timedelta(seconds=3))
        assert client.get(link).status_code == 404

    def test_it_takes_no_other_method(self, client, link):
        assert client.delete(link).status_code == 405
