"""Publishing, answers, deadlines and endings, one step at a time."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import (
    AuditEvent,
    Exclusion,
    Interest,
    Mentorship,
    Offer,
    OutboxMessage,
    PairRule,
    Proposal,
    TimeEntry,
)
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.ledger import LedgerFault, audit_ledger, release, reserve
from webapp.services.mentorships import end_mentorship, find_mentorship, my_mentorships
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.offers import answer_offer, expire_offers, nudge_offers, offer_by_hand, withdraw_offer
from webapp.services.publishing import CountChangedError, mail_count, publish_round


def mails(session, template):
    query = select(OutboxMessage).where(OutboxMessage.template == template)
    return {message.person_id for message in session.scalars(query)}


def reserved(session, mentor):
    session.refresh(mentor.offer)
    return mentor.offer.reserved_minutes, mentor.offer.reserved_places


@pytest.fixture
def published(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    return round_


@pytest.fixture
def offer(session, cast, published, now):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


def say(session, offer, person, answer, now, **values):
    result = answer_offer(session, offer.id, person_id=person.id, answer=answer, now=now, **values)
    session.expire_all()
    return result


class TestLedger:
    def test_refuses_minutes_past_the_limit_and_says_so(self, session, cast, now):
        with pytest.raises(NoRoomError, match="minutes"):
            reserve(session, cast.mentor.offer.id, 121, offer_id=None, why="published", now=now)

    def test_refuses_a_third_place_of_two(self, session, cast, now):
        for _ in range(2):
            reserve(session, cast.mentor.offer.id, 30, offer_id=None, why="published", now=now)
        with pytest.raises(NoRoomError, match="places"):
            reserve(session, cast.mentor.offer.id, 30, offer_id=None, why="published", now=now)
        assert reserved(session, cast.mentor) == (60, 2)

    def test_refuses_what_the_cap_over_all_programmes_does_not_hold(self, session, cast, now):
        cast.mo.minutes_cap = 90
        other = make_mentor(session, make_programme(session), cast.mo)
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        with pytest.raises(NoRoomError, match="cap"):
            reserve(session, other.offer.id, 60, offer_id=None, why="published", now=now)
        reserve(session, other.offer.id, 30, offer_id=None, why="published", now=now)

    def test_an_unknown_mentor_is_not_found(self, session, cast, now):
        with pytest.raises(NotFoundError):
            reserve(session, uuid.uuid4(), 60, offer_id=None, why="published", now=now)

    def test_returns_no_more_than_is_reserved(self, session, cast, now):
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        release(session, cast.mentor.offer.id, 60, offer_id=None, why="declined", now=now)
        with pytest.raises(NoRoomError, match="reserved"):
            release(session, cast.mentor.offer.id, 60, offer_id=None, why="declined", now=now)
        assert reserved(session, cast.mentor) == (0, 0)

    def test_entries_count_from_the_programmes_first_month(self, session, cast, now):
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        entry = session.scalars(select(TimeEntry)).one()
        assert (entry.kind, entry.minutes, entry.month.isoformat()) == ("reserved", 60, "2027-03-01")

    def test_audit_names_a_mentor_whose_sums_differ(self, session, cast, now):
        assert audit_ledger(session) == []
        cast.mentor.offer.reserved_minutes = 30
        session.flush()
        assert audit_ledger(session) == [LedgerFault(cast.mentor.offer.id, 0, 0, 30, 0)]


class TestPublishing:
    @pytest.fixture
    def mentees(self, session, cast):
        return [
            make_mentee(session, cast.programme, make_person(session, f"Mentee{n} Example"), mentors_wanted=2)
            for n in range(3)
        ]

    @pytest.fixture
    def round_(self, session, cast):
        return make_round(session, cast.programme)

    def publish(self, session, cast, round_, scenario, now, expected):
        return publish_round(
            session,
            round_.id,
            scenario.id,
            programme_id=cast.programme.id,
            expected_offers=expected,
            by=cast.ada.id,
            now=now,
        )

    def test_who_is_left_out_counts_for_more_next_time_until_she_has_a_mentor(
        self, session, cast, round_, mentees, now
    ):
        left_out = [
            {"membership_id": str(m.id), "side": side} for m, side in ((cast.mentee, "mentee"), (cast.mentor, "mentor"))
        ]
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])], unmatched=left_out)
        session.commit()
        self.publish(session, cast, round_, scenario, now, 1)
        session.expire_all()
        assert [m.priority for m in (cast.mentee, cast.mentor, mentees[0])] == [1, 0, 0]
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, mentor_answer="yes")
        session.commit()
        say(session, offer, cast.lee, "yes", now)
        assert cast.mentee.priority == 0

    def test_whose_pair_was_taken_out_by_hand_counts_for_more_too(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in (cast.mentee, *mentees[:2])])
        scenario.totals = {"served": [str(mentees[1].id)]}
        for mentee in (cast.mentee, mentees[1]):
            session.query(Proposal).filter_by(mentee_id=mentee.id).update({"removed_at": now})
        session.commit()
        self.publish(session, cast, round_, scenario, now, 1)
        session.expire_all()
        assert [m.priority for m in (cast.mentee, *mentees[:2])] == [1, 0, 0]

    @pytest.mark.parametrize(("cadence", "minutes"), [("bimonthly", 30), ("monthly", 60), ("fortnightly", 120)])
    def test_a_pair_meets_as_long_as_the_programme_says(self, session, cast, round_, now, cadence, minutes):
        cast.programme.cadence = cadence
        assert cast.programme.minutes_a_month == minutes
        round_.state = "published"
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, minutes=minutes, mentor_answer="yes")
        session.commit()
        say(session, offer, cast.lee, "yes", now)
        assert session.scalars(select(Mentorship)).one().meeting_minutes == 60

    def test_makes_offers_that_hold_the_mentors_time(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in mentees[:2]])
        session.commit()
        assert mail_count(session, scenario.id) == (2, 3)
        done = self.publish(session, cast, round_, scenario, now, 2)
        session.expire_all()
        assert (done.offers, done.people) == (2, 3)
        assert reserved(session, cast.mentor) == (120, 2)
        offers = session.scalars(select(Offer)).all()
        assert {o.state for o in offers} == {"open"}
        assert {o.deadline_at for o in offers} == {now + timedelta(days=7)}
        assert all(o.holds_minutes for o in offers)
        assert round_.state == "published"
        assert round_.published_at == scenario.published_at == now
        assert audit_ledger(session) == []
        assert session.scalars(select(AuditEvent)).one().facts["offers"] == 2

    def test_sends_each_person_one_mail_with_all_her_offers(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in mentees[:2]])
        session.commit()
        self.publish(session, cast, round_, scenario, now, 2)
        sent = {m.person_id: m for m in session.scalars(select(OutboxMessage))}
        assert set(sent) == {cast.mo.id, mentees[0].person_id, mentees[1].person_id}
        assert len(sent[cast.mo.id].params["offers"]) == 2
        assert len(sent[mentees[0].person_id].params["offers"]) == 1

    def test_asks_no_more_often_for_many_pairs_than_for_few(self, session, cast, round_, mentees, now, count_queries):
        cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 30, 1800
        mentees = [make_mentee(session, cast.programme, make_person(session, f"More{n} Example")) for n in range(30)]
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in mentees])
        session.commit()
        session.expunge_all()
        with count_queries() as queries:
            self.publish(session, cast, round_, scenario, now, 30)
        assert len(queries) <= 20

    def test_leaves_out_what_was_removed(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in mentees])
        session.flush()
        session.scalars(select(Proposal).where(Proposal.mentee_id == mentees[2].id)).one().removed_at = now
        session.commit()
        assert self.publish(session, cast, round_, scenario, now, 2).offers == 2

    def test_a_second_time_changes_nothing(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])])
        session.commit()
        self.publish(session, cast, round_, scenario, now, 1)
        with pytest.raises(WrongStateError):
            self.publish(session, cast, round_, scenario, now, 1)
        assert reserved(session, cast.mentor) == (60, 1)
        assert len(session.scalars(select(OutboxMessage)).all()) == 2

    @pytest.mark.parametrize("values", [{"status": "stale"}, {"verified": False}])
    def test_refuses_a_scenario_that_is_not_proved(self, session, cast, round_, mentees, now, values):
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])], **values)
        session.commit()
        with pytest.raises(WrongStateError):
            self.publish(session, cast, round_, scenario, now, 1)

    def test_refuses_another_number_than_was_confirmed(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])])
        session.commit()
        with pytest.raises(CountChangedError) as refused:
            self.publish(session, cast, round_, scenario, now, 2)
        assert refused.value.offers == 1

    def test_names_the_pairs_that_no_longer_hold_and_publishes_none(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in mentees[:2]])
        cast.mentor.offer.minutes_a_month = 60
        session.commit()
        with pytest.raises(ChangedMeanwhileError) as refused:
            self.publish(session, cast, round_, scenario, now, 2)
        assert [(p.mentor, p.mentee, p.why) for p in refused.value.pairs] == [
            ("Dr Mo Farahani", "Mentee1 Example", "minutes")
        ]
        session.expire_all()
        assert round_.state == "review"
        assert session.scalars(select(Offer)).all() == []
        assert reserved(session, cast.mentor) == (0, 0)
        assert session.scalars(select(OutboxMessage)).all() == []

    def test_names_pairs_whose_people_are_away_or_want_fewer(self, session, cast, round_, mentees, now):
        away = make_mentor(session, cast.programme, make_person(session, "Away Example"))
        away.offer.paused_from = now.date()
        mentees[1].request.mentors_wanted = 1
        pairs = [(away, mentees[0]), (cast.mentor, mentees[1])]
        other = make_mentor(session, cast.programme, make_person(session, "Other Example"))
        scenario = make_scenario(session, round_, [*pairs, (other, mentees[1])])
        session.commit()
        with pytest.raises(ChangedMeanwhileError) as refused:
            self.publish(session, cast, round_, scenario, now, 3)
        assert [(p.mentor, p.why) for p in refused.value.pairs] == [
            ("Away Example", "paused"),
            ("Other Example", "wanted"),
        ]

    def test_names_pairs_that_were_ruled_out_since_they_were_found(self, session, cast, round_, mentees, now):
        pairs = [{"mentor_id": cast.mentor.id, "mentee_id": m.id} for m in mentees]
        cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 4, 240
        session.add_all(
            [
                Exclusion(**pairs[0], code="CONFLICT"),
                Interest(**pairs[1], side="mentee", verdict="not_for_me"),
                PairRule(**pairs[2], round_id=round_.id, kind="forbid"),
                Interest(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, side="mentor", verdict="interested"),
            ]
        )
        scenario = make_scenario(session, round_, [(cast.mentor, m) for m in [cast.mentee, *mentees]])
        session.commit()
        with pytest.raises(ChangedMeanwhileError) as refused:
            self.publish(session, cast, round_, scenario, now, 4)
        assert [(p.mentee, p.why) for p in refused.value.pairs] == [
            (mentee.person.name, "excluded") for mentee in mentees
        ]

    def test_nobody_is_published_who_has_not_agreed_to_the_terms(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])])
        mentees[0].joined_at = None
        session.commit()
        with pytest.raises(ChangedMeanwhileError) as refused:
            self.publish(session, cast, round_, scenario, now, 1)
        assert [pair.why for pair in refused.value.pairs] == ["left"]

    def test_another_programmes_coordinator_finds_no_such_round(self, session, cast, round_, mentees, now):
        scenario = make_scenario(session, round_, [(cast.mentor, mentees[0])])
        session.commit()
        with pytest.raises(NotFoundError):
            publish_round(
                session,
                round_.id,
                scenario.id,
                programme_id=cast.elsewhere.id,
                expected_offers=1,
                by=cast.kim.id,
                now=now,
            )


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


class TestCoordinator:
    def test_withdrawing_gives_the_time_back_and_tells_both(self, session, cast, offer, published, now):
        withdraw_offer(session, offer.id, programme_id=cast.programme.id, by=cast.ada.id, now=now)
        session.expire_all()
        assert offer.state == "withdrawn"
        assert reserved(session, cast.mentor) == (0, 0)
        assert mails(session, "offer_withdrawn") == {cast.mo.id, cast.lee.id}
        with pytest.raises(WrongStateError):
            withdraw_offer(session, offer.id, programme_id=cast.programme.id, by=cast.ada.id, now=now)

    def test_withdrawing_is_for_ones_own_programme(self, session, cast, offer, now):
        with pytest.raises(NotFoundError):
            withdraw_offer(session, offer.id, programme_id=cast.elsewhere.id, by=cast.kim.id, now=now)

    def by_hand(self, session, cast, round_, now, mentee=None):
        return offer_by_hand(
            session,
            round_.id,
            cast.mentor.id,
            (mentee or cast.mentee).id,
            programme_id=cast.programme.id,
            by=cast.ada.id,
            now=now,
        )

    def test_offers_a_pair_by_hand(self, session, cast, published, now):
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert (offer.state, offer.minutes, offer.holds_minutes) == ("open", 60, True)
        assert mails(session, "offers_published") == {cast.mo.id, cast.lee.id}
        assert audit_ledger(session) == []

    def test_by_hand_comes_with_reasons_and_an_hour_that_clashes_with_nothing(self, session, cast, published, now):
        # Lee is free 17 to 20 in Chicago, Mo 17 to 20 in New York: they share 17 to 19 Chicago time.
        taken = make_person(session, "Nia Okafor")
        first = make_offer(session, published, cast.mentor, make_mentee(session, cast.programme, taken), now=now)
        first.slot_weekday, first.slot_minute = 0, 18 * 60
        session.commit()
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert "topics" in " ".join(reason["key"] for reason in offer.reasons)
        assert (offer.slot_weekday, offer.slot_minute) == (0, 19 * 60)

    def test_by_hand_without_shared_hours_leaves_the_hour_to_the_two(self, session, cast, published, now):
        cast.lee.windows = []
        session.commit()
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert (offer.slot_weekday, offer.slot_minute) == (None, None)

    def test_by_hand_no_pair_twice_and_no_mentee_beyond_her_wish(self, session, cast, offer, published, now):
        with pytest.raises(ConflictError, match="paired"):
            self.by_hand(session, cast, published, now)
        other = make_mentor(session, cast.programme, make_person(session, "Other Example"))
        session.commit()
        cast.mentor = other
        with pytest.raises(NoRoomError, match="wanted"):
            self.by_hand(session, cast, published, now)

    def test_by_hand_nobody_who_was_said_not_to_fit(self, session, cast, published, now):
        pair = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
        session.add(Interest(**pair, side="mentor", verdict="not_for_me"))
        session.commit()
        with pytest.raises(ConflictError, match="excluded"):
            self.by_hand(session, cast, published, now)

    def test_by_hand_no_mentor_past_her_limits(self, session, cast, published, now):
        cast.mentor.offer.minutes_a_month = 30
        session.commit()
        with pytest.raises(NoRoomError, match="minutes"):
            self.by_hand(session, cast, published, now)
        assert session.scalars(select(Offer)).all() == []

    def test_by_hand_only_in_a_published_round_of_the_programme(self, session, cast, now):
        round_ = make_round(session, cast.programme)
        elsewhere = make_round(session, cast.elsewhere, state="published")
        session.commit()
        with pytest.raises(WrongStateError):
            self.by_hand(session, cast, round_, now)
        with pytest.raises(NotFoundError):
            self.by_hand(session, cast, elsewhere, now)


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
