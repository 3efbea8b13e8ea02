"""An offer's page, its answer by button and by the link in the mail; pairs and their end; the mentor's time."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentee, make_mentor, make_person, make_programme, sign_in
from tests.factories.offers import make_offer, make_round
from webapp.models import Mentorship, OutboxMessage
from webapp.presenters.mentorships import present_pair
from webapp.services.answer_links import VALID_DAYS, make_answer_token
from webapp.services.mentorships import find_mentorship
from webapp.services.offers import answer_offer

REASONS = [{"kind": "shared", "key": "topics_all", "params": {"topics": ["Leadership"], "covered": 1, "wanted": 1}}]


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def round_(session, cast, now):
    return make_round(session, cast.programme, state="published", published_at=now)


@pytest.fixture
def offer(session, cast, round_, now):
    cast.mentee.request.goal = "I want to run the room."
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, reasons=REASONS)
    session.commit()
    return offer


@pytest.fixture
def as_mo(client, session, cast):
    return sign_in(client, session, cast.mo)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def send(client, path, answer, **values):
    return client.post(
        path, data={"csrf_token": csrf_of(client, path), "answer": answer} | values, follow_redirects=True
    )


def state_of(session, offer):
    session.expire_all()
    return offer.state, offer.mentor_answer, offer.mentee_answer


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


class TestPairs:
    @pytest.fixture
    def pair(self, session, cast, round_, now):
        offer = make_offer(
            session, round_, cast.mentor, cast.mentee, now=now, state="accepted", mentor_answer="yes",
            mentee_answer="yes", reasons=REASONS,
        )  # fmt: skip
        pair = Mentorship(
            offer_id=offer.id,
            mentor_id=cast.mentor.id,
            mentee_id=cast.mentee.id,
            cadence="monthly",
            meeting_minutes=60,
            slot_weekday=1,
            slot_minute=20 * 60,
        )
        session.add(pair)
        session.commit()
        return pair

    def test_without_a_pair_the_page_says_how_one_comes_about(self, as_mo):
        assert "A pair appears here once both have said yes" in text_of(as_mo.get("/mentorships"))

    def test_the_list_and_the_page_show_whom_when_and_the_address(self, client, session, cast, pair):
        sign_in(client, session, cast.lee)
        listed = text_of(client.get("/mentorships"))
        assert "Dr Mo Farahani" in listed
        assert "1 hour, once a month, Tuesdays at 19:00 your time." in listed
        page = text_of(client.get(f"/mentorships/{pair.id}"))
        assert "You and Dr Farahani" in page
        assert cast.mo.email in page
        assert "For Dr Farahani it is 20:00" in page

    def test_once_the_first_weeks_are_over_the_next_hour_keeps_the_rhythm(self, app, session, cast, pair):
        def seen_on(day, hour):
            moment = datetime(*day, hour, 30, tzinfo=ZoneInfo(cast.mo.zone))
            found = find_mentorship(session, pair.id, person_id=cast.mo.id)
            with app.test_request_context():
                page = present_pair(found, now=moment)
            return page.slot.first, page.is_first, page.is_new

        pair.created_at = datetime(2027, 3, 1, 12, tzinfo=UTC)  # a Monday; the programme has begun
        session.commit()
        assert seen_on((2027, 3, 2), 20) == ("Tuesday 2 March", True, True), "it goes on until 21:00"
        assert seen_on((2027, 3, 2), 21) == ("Tuesday 30 March", False, True)
        assert seen_on((2027, 5, 1), 9) == ("Tuesday 25 May", False, False)

    def test_ending_asks_first_then_ends_without_blame(self, as_mo, session, cast, pair):
        path = f"/mentorships/{pair.id}/end"
        assert "Either of you may, without blame" in text_of(as_mo.get(path))
        session.refresh(pair)
        assert pair.status == "active"
        token = csrf_of(as_mo, path)
        page = as_mo.post(path, data={"csrf_token": token, "reason": "moved"}, follow_redirects=True)
        assert "You ended this pair." in text_of(page)
        assert cast.lee.email not in text_of(page)
        session.refresh(pair)
        session.refresh(cast.mentor.offer)
        assert (pair.status, cast.mentor.offer.reserved_minutes) == ("ended", 0)
        assert "This pair has ended" in text_of(as_mo.get(path))

    def test_an_invented_reason_ends_nothing(self, as_mo, session, pair):
        path = f"/mentorships/{pair.id}/end"
        page = as_mo.post(path, data={"csrf_token": csrf_of(as_mo, path), "reason": "invented"})
        assert "One answer needs another look" in text_of(page)
        session.refresh(pair)
        assert pair.status == "active"

    def test_strangers_find_no_pair_and_other_methods_no_page(self, client, session, cast, pair):
        for person in (cast.kim, cast.ada):
            sign_in(client, session, person)
            assert client.get(f"/mentorships/{pair.id}").status_code == 404
            token = csrf_of(client, "/home")
            assert client.post(f"/mentorships/{pair.id}/end", data={"csrf_token": token}).status_code == 404
        assert client.post("/mentorships", data={"csrf_token": token}).status_code == 405
        client.delete_cookie("mosaic")
        assert client.get("/mentorships").location.startswith("/login")


class TestMyTime:
    def test_shows_the_months_and_every_line(self, as_mo, session, cast, round_, now):
        make_offer(session, round_, cast.mentor, cast.mentee, now=now, state="expired")
        make_offer(session, round_, cast.mentor, cast.mentee, now=now + timedelta(hours=1))
        session.commit()
        text = text_of(as_mo.get("/me/time"))
        assert "You give 120 minutes a month, for at most 2 mentees. Only you can raise that." in text
        assert "February this month 120 minutes free" in text
        assert "March one open offer 60 minutes free" in text
        lines = text[text.index("Line by line") :]
        assert [int(n) for n in re.findall(r"[+−]\d+ (\d+)", lines)] == [120, 60, 120, 60]
        assert "Lee Lindqvist, no answer in time" in lines

    def test_says_so_when_more_is_booked_than_is_given_now(self, as_mo, session, cast, offer):
        cast.mentor.offer.minutes_a_month = 30
        session.commit()
        assert "30 minutes more are booked from before; nothing new is added." in text_of(as_mo.get("/me/time"))

    def test_every_programme_has_its_own_part(self, as_mo, session, cast):
        make_mentor(session, make_programme(session, "Another Programme"), cast.mo, minutes=60)
        session.commit()
        text = text_of(as_mo.get("/me/time"))
        assert "Another Programme" in text
        assert "You give 60 minutes" in text

    def test_who_gives_no_time_reads_how_to_begin(self, client, session, cast):
        sign_in(client, session, cast.lee)
        assert "You give no time so far" in text_of(client.get("/me/time"))

    def test_it_only_reads_and_only_when_signed_in(self, client, as_mo):
        assert as_mo.put("/me/time").status_code in {403, 405}
        as_mo.delete_cookie("mosaic")
        assert as_mo.get("/me/time").location.startswith("/login")
