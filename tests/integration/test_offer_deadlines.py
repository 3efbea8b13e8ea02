"""Deadlines of offers: expiry, late answers and nudges."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentor, make_person
from tests.factories.offers import make_offer
from tests.integration.answering import mails, reserved, say
from webapp.models import (
    Exclusion,
    OutboxMessage,
)
from webapp.services.errors import NoRoomError, WrongStateError
from webapp.services.offers import expire_offers, nudge_offers


class TestDeadlines:
    @pytest.fixture
    def expired(self, session, cast, offer, now):
        assert expire_offers(session, now=now + timedelta(days=7)) == 1
        session.expire_all()
        return offer

    def test_an_offer_expires_and_gives_the_time_back(self, session, cast, expired, published):
        assert expired.state == "expired"
        assert reserved(session, cast.mentor) == (0, 0)
        assert published.state == "active"
        assert mails(session, "offer_expired") == {cast.mo.id, cast.lee.id}

    def test_nothing_expires_early_or_twice(self, session, offer, now):
        assert expire_offers(session, now=now + timedelta(days=6, hours=23)) == 0
        assert expire_offers(session, now=now + timedelta(days=7)) == 1
        assert expire_offers(session, now=now + timedelta(days=8)) == 0

    def test_a_late_yes_opens_the_offer_again_for_three_days(self, session, cast, expired, now):
        late = now + timedelta(days=8)
        assert say(session, expired, cast.lee, "yes", late).state == "open"
        assert expired.deadline_at == late + timedelta(days=3)
        assert reserved(session, cast.mentor) == (60, 1)
        assert mails(session, "offer_reopened") == {cast.mo.id}

    def test_a_late_yes_to_a_standing_yes_is_accepted_at_once(self, session, cast, offer, now):
        say(session, offer, cast.mo, "yes", now)
        expire_offers(session, now=now + timedelta(days=7))
        assert say(session, offer, cast.lee, "yes", now + timedelta(days=8)).state == "accepted"

    def test_a_late_yes_finds_the_place_gone(self, session, cast, expired, published, now):
        cast.mentor.offer.places = 0
        session.commit()
        with pytest.raises(NoRoomError, match="places"):
            say(session, expired, cast.lee, "yes", now + timedelta(days=8))
        session.expire_all()
        assert (expired.state, expired.mentee_answer) == ("expired", "waiting")

    def test_a_late_yes_takes_no_mentee_beyond_what_she_asked_for(self, session, cast, expired, published, now):
        other = make_mentor(session, cast.programme, make_person(session, "Other Example"))
        make_offer(session, published, other, cast.mentee, now=now)
        session.commit()
        with pytest.raises(NoRoomError, match="wanted"):
            say(session, expired, cast.mo, "yes", now + timedelta(days=8))

    def test_a_late_yes_finds_the_mentor_away(self, session, cast, expired, now):
        cast.mentor.offer.paused_from = now.date()
        session.commit()
        with pytest.raises(NoRoomError):
            say(session, expired, cast.lee, "yes", now + timedelta(days=8))

    def test_no_late_yes_brings_together_who_must_not_be(self, session, cast, expired, now):
        session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id))
        session.commit()
        with pytest.raises(NoRoomError):
            say(session, expired, cast.lee, "yes", now + timedelta(days=8))

    def test_a_closed_round_takes_no_late_yes(self, session, cast, expired, published, now):
        published.state = "archived"
        session.commit()
        with pytest.raises(WrongStateError):
            say(session, expired, cast.lee, "yes", now + timedelta(days=8))

    def test_a_late_no_ends_it(self, session, cast, expired, now):
        assert say(session, expired, cast.mo, "no", now + timedelta(days=8)).state == "declined"
        assert mails(session, "offer_declined") == set()
        with pytest.raises(WrongStateError):
            say(session, expired, cast.lee, "yes", now + timedelta(days=8))

    def test_reopened_offers_expire_again_with_a_new_mail(self, session, cast, expired, now):
        say(session, expired, cast.lee, "yes", now + timedelta(days=8))
        assert expire_offers(session, now=now + timedelta(days=11)) == 1
        query = select(OutboxMessage).where(OutboxMessage.template == "offer_expired")
        assert len(session.scalars(query).all()) == 4
        assert say(session, expired, cast.lee, "yes", now + timedelta(days=12)).state == "expired"  # she said so before

    def test_nudges_come_on_days_three_and_six_once(self, session, cast, offer, now):
        counts = [nudge_offers(session, now=now + timedelta(days=day, hours=1)) for day in (2, 3, 3, 4, 6, 6)]
        assert counts == [0, 2, 0, 0, 2, 0]

    def test_an_offer_by_hand_has_nudges_of_its_own(self, session, cast, offer, published, now):
        assert nudge_offers(session, now=now + timedelta(days=3)) == 2
        other = make_mentor(session, cast.programme, make_person(session, "Other Example"))
        later = now + timedelta(days=3)
        make_offer(session, published, other, cast.mentee, now=later)
        session.commit()
        assert nudge_offers(session, now=later + timedelta(days=2)) == 0
        say(session, offer, cast.lee, "no", later)
        assert nudge_offers(session, now=later + timedelta(days=3)) == 2

    def test_who_has_answered_is_not_nudged(self, session, cast, offer, now):
        say(session, offer, cast.mo, "yes", now)
        assert nudge_offers(session, now=now + timedelta(days=3)) == 1
        assert mails(session, "offer_nudge") == {cast.lee.id}
