"""Publishing a round: offers, reservations and mails, or the reason why not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.integration.answering import reserved, say
from webapp.models import (
    AuditEvent,
    Exclusion,
    Interest,
    Mentorship,
    Offer,
    OutboxMessage,
    PairRule,
    Proposal,
)
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.publishing import CountChangedError, mail_count, publish_round


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
