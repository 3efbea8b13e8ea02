"""Both sides' answers to an offer, and the end of a mentorship."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.integration.answering import mails, reserved, say
from webapp.models import (
    AuditEvent,
    Mentorship,
)
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.mentorships import end_mentorship, find_mentorship, my_mentorships


class TestAnswers:
    def test_a_first_yes_waits_for_the_other_side(self, session, cast, offer, now):
        answered = say(session, offer, cast.mo, "yes", now)
        assert (answered.state, answered.side, answered.mentorship_id) == ("open", "mentor", None)
        assert (offer.mentor_answer, offer.mentee_answer) == ("yes", "waiting")

    def test_two_yeses_make_a_mentorship_and_exchange_addresses(self, session, cast, offer, published, now):
        say(session, offer, cast.lee, "yes", now)
        answered = say(session, offer, cast.mo, "yes", now)
        assert answered.state == offer.state == "accepted"
        mentorship = session.scalars(select(Mentorship)).one()
        assert mentorship.id == answered.mentorship_id
        assert (mentorship.cadence, mentorship.meeting_minutes) == ("monthly", 60)
        assert mails(session, "offer_accepted") == {cast.mo.id, cast.lee.id}
        assert reserved(session, cast.mentor) == (60, 1)
        assert published.state == "active"

    def test_a_no_gives_the_time_back_at_once(self, session, cast, offer, published, now):
        answered = say(session, offer, cast.mo, "no", now, reason="no_time")
        assert answered.state == "declined"
        assert reserved(session, cast.mentor) == (0, 0)
        assert offer.decline_reason == "no_time"
        assert mails(session, "offer_declined") == {cast.lee.id}
        assert published.state == "active"
        assert audit_ledger(session) == []

    def test_a_yes_may_become_a_no_while_the_offer_is_open(self, session, cast, offer, now):
        say(session, offer, cast.lee, "yes", now)
        assert say(session, offer, cast.lee, "no", now).state == "declined"

    @pytest.mark.parametrize("answer", ["yes", "no"])
    def test_the_same_answer_twice_changes_nothing(self, session, cast, offer, now, answer):
        first = say(session, offer, cast.mo, answer, now)
        assert say(session, offer, cast.mo, answer, now + timedelta(hours=1)) == first
        assert len(session.scalars(select(AuditEvent)).all()) == 1

    def test_a_declined_offer_takes_no_yes(self, session, cast, offer, now):
        say(session, offer, cast.lee, "no", now)
        with pytest.raises(WrongStateError):
            say(session, offer, cast.mo, "yes", now)

    def test_an_accepted_offer_takes_no_no(self, session, cast, offer, now):
        say(session, offer, cast.lee, "yes", now)
        say(session, offer, cast.mo, "yes", now)
        with pytest.raises(WrongStateError):
            say(session, offer, cast.mo, "no", now)

    def test_nobody_answers_for_someone_else(self, session, cast, offer, now):
        for person in (cast.kim, cast.ada):
            with pytest.raises(NotFoundError):
                say(session, offer, person, "yes", now)


class TestEnding:
    @pytest.fixture
    def pair(self, session, cast, offer, now):
        say(session, offer, cast.mo, "yes", now)
        return say(session, offer, cast.lee, "yes", now).mentorship_id

    @pytest.mark.parametrize("who", ["mo", "lee"])
    def test_either_side_may_end_it_and_the_time_returns(self, session, cast, pair, offer, now, who):
        person = getattr(cast, who)
        end_mentorship(session, pair, person_id=person.id, reason="moved", now=now)
        session.expire_all()
        found = find_mentorship(session, pair, person_id=person.id).mentorship
        assert (found.status, found.ended_at, found.end_reason) == ("ended", now, "moved")
        assert reserved(session, cast.mentor) == (0, 0)
        assert not offer.holds_minutes
        assert mails(session, "mentorship_ended") == {cast.mo.id, cast.lee.id} - {person.id}

    def test_ending_twice_changes_nothing(self, session, cast, pair, now):
        end_mentorship(session, pair, person_id=cast.mo.id, now=now)
        end_mentorship(session, pair, person_id=cast.lee.id, now=now + timedelta(days=1))
        assert reserved(session, cast.mentor) == (0, 0)
        assert find_mentorship(session, pair, person_id=cast.mo.id).mentorship.ended_at == now

    def test_strangers_find_no_pair(self, session, cast, pair, now):
        assert my_mentorships(session, cast.kim.id) == []
        assert [p.side for p in my_mentorships(session, cast.lee.id)] == ["mentee"]
        for mentorship_id, person in ((pair, cast.kim), (pair, cast.ada), (uuid.uuid4(), cast.mo)):
            with pytest.raises(NotFoundError):
                end_mentorship(session, mentorship_id, person_id=person.id, now=now)
