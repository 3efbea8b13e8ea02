"""Pairs and their end, and the mentor's time, as both sides see them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories.cast import csrf_of, make_mentor, make_programme, sign_in
from tests.factories.offers import make_offer
from tests.functional.offering import REASONS, text_of
from webapp.models import Mentorship
from webapp.presenters.mentorships import present_pair
from webapp.services.mentorships import find_mentorship

pytestmark = pytest.mark.usefixtures("clock")


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
