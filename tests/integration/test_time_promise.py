"""A mentor's promise of time: changed by herself alone, paused kindly, and summed from the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round
from webapp.models import AuditEvent, Offer, OutboxMessage
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError
from webapp.services.ledger import audit_ledger, reserve, spend
from webapp.services.my_time import my_time
from webapp.services.pausing import offers_in_pause, start_pause
from webapp.services.time_months import booked_by, month_after, sum_month
from webapp.services.time_promise import change_cap, change_limits, read_cap


@pytest.fixture
def round_(session, cast, now):
    return make_round(session, cast.programme, state="published", published_at=now)


@pytest.fixture
def offer(session, cast, round_, now):
    """Tuesdays from 2 March on, in a programme that begins on 1 March."""
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_week=None)
    cast.mentee.priority = 2.0
    session.commit()
    return offer


def given(session, cast):
    session.expire_all()
    return cast.mentor.offer.minutes_a_month, cast.mentor.offer.places, cast.mentor.offer.reserved_minutes


class TestLimits:
    def change(self, session, cast, now, **values):
        values = {"person_id": cast.mo.id, "minutes_a_month": 90, "places": 3} | values
        return change_limits(session, cast.programme.slug, now=now, **values)

    def test_the_mentor_raises_and_lowers_and_reads_what_it_was(self, session, cast, offer, now):
        before = self.change(session, cast, now, minutes_a_month=240)
        assert (before.minutes_before, before.places_before, before.over) == (120, 2, 0)
        assert given(session, cast) == (240, 3, 60)
        assert self.change(session, cast, now, minutes_a_month=30, places=1).over == 30
        assert given(session, cast) == (30, 1, 60)
        with pytest.raises(NoRoomError):
            reserve(session, cast.mentor.offer.id, 15, offer_id=None, why="published", now=now)
        assert session.scalars(select(AuditEvent.action)).all() == ["limits.stated"] * 2

    @pytest.mark.parametrize("who", ["ada", "lee", "kim"])
    def test_nobody_else_changes_it(self, session, cast, now, who):
        with pytest.raises(NotFoundError):
            self.change(session, cast, now, person_id=getattr(cast, who).id)
        assert given(session, cast) == (120, 2, 0)

    @pytest.mark.parametrize("wrong", [{"minutes_a_month": 29}, {"minutes_a_month": 9601}, {"places": 0}])
    def test_numbers_out_of_bounds_change_nothing(self, session, cast, now, wrong):
        with pytest.raises(InvalidInputError):
            self.change(session, cast, now, **wrong)
        assert given(session, cast) == (120, 2, 0)

    def test_a_cap_over_all_programmes_holds_and_is_lifted(self, session, cast, offer, now):
        other = make_mentor(session, make_programme(session), cast.mo)
        session.commit()
        assert change_cap(session, person_id=cast.mo.id, minutes=45, now=now) is None
        assert read_cap(session, cast.mo.id) == 45
        with pytest.raises(NoRoomError, match="cap"):
            reserve(session, other.offer.id, 15, offer_id=None, why="published", now=now)
        assert change_cap(session, person_id=cast.mo.id, minutes=None, now=now) == 45
        reserve(session, other.offer.id, 15, offer_id=None, why="published", now=now)
        with pytest.raises(InvalidInputError):
            change_cap(session, person_id=cast.mo.id, minutes=-1, now=now)


class TestPause:
    def days(self, begin, end=None):
        return {"paused_from": date.fromisoformat(begin), "paused_until": date.fromisoformat(end) if end else None}

    def test_offers_that_would_begin_within_it_are_shown_first_and_withdrawn_kindly(self, session, cast, offer, now):
        mine = {"person_id": cast.mo.id, "now": now} | self.days("2027-03-01", "2027-03-31")
        waiting = offers_in_pause(session, cast.programme.slug, **mine)
        assert [(w.name, w.minutes, w.begins_on) for w in waiting] == [("Lee Lindqvist", 60, date(2027, 3, 2))]
        with pytest.raises(ConflictError):
            start_pause(session, cast.programme.slug, seen=[], **mine)
        session.expire_all()
        assert (offer.state, cast.mentor.offer.paused_from) == ("open", None)
        assert start_pause(session, cast.programme.slug, seen=[offer.id], **mine) == 1
        session.expire_all()
        assert (offer.state, offer.holds_minutes, cast.mentee.priority) == ("withdrawn", False, 2.0)
        assert cast.mentor.offer.paused_until == date(2027, 3, 31)
        assert given(session, cast)[2] == 0
        assert audit_ledger(session) == []
        mail = session.scalars(select(OutboxMessage)).one()
        assert (mail.template, mail.person_id) == ("offer_away", cast.lee.id)
        assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)).all() == [
            "limits.paused",
            "offer.withdrawn",
        ]

    @pytest.mark.parametrize("days", [("2027-02-15", "2027-03-01"), ("2027-03-03", "2027-03-05"), ("2027-03-03", None)])
    def test_offers_that_begin_before_or_after_it_stay(self, session, cast, offer, now, days):
        assert (
            start_pause(session, cast.programme.slug, person_id=cast.mo.id, seen=[], now=now, **self.days(*days)) == 0
        )
        session.expire_all()
        assert offer.state == "open"
        assert given(session, cast)[2] == 60

    def test_an_offer_made_after_she_looked_is_shown_before_it_is_withdrawn(self, session, cast, round_, offer, now):
        other = make_mentee(session, cast.programme, make_person(session, "Third Person"))
        make_offer(session, round_, cast.mentor, other, now=now, slot_weekday=2)
        session.commit()
        with pytest.raises(ConflictError, match="offers"):
            start_pause(
                session,
                cast.programme.slug,
                person_id=cast.mo.id,
                seen=[offer.id],
                now=now,
                **self.days("2027-03-01"),
            )
        assert set(session.scalars(select(Offer.state))) == {"open"}

    def test_whoever_is_no_mentor_there_has_no_pause(self, session, cast, now):
        for person in (cast.ada, cast.lee, cast.kim):
            with pytest.raises(NotFoundError):
                start_pause(
                    session, cast.programme.slug, person_id=person.id, seen=[], now=now, **self.days("2027-03-01")
                )


class TestMonths:
    def test_sums_come_from_the_ledger_and_agree_with_what_is_reserved(self, session, cast, round_, offer, now):
        third = make_mentee(session, cast.programme, make_person(session, "Third Person"))
        make_offer(session, round_, cast.mentor, third, now=now, state="declined", minutes=45)
        at = datetime(2027, 3, 9, 23, 0, tzinfo=UTC)
        spend(session, cast.mentor.offer.id, 15, offer_id=offer.id, why="call", on=at.date(), now=at)
        session.commit()
        found = my_time(session, cast.mo.id)[0]
        march = sum_month(found, date(2027, 3, 1))
        assert (march.given, march.booked, march.new, march.spent, march.returned) == (120, 60, 60, 15, 45)
        assert (march.left, march.free, march.over) == (0, 45, 0)
        assert sum_month(found, date(2028, 3, 1)).booked == 0, "the programme is over"
        assert booked_by(found.lines, date(2027, 12, 1)) == found.reserved_minutes == 60
        assert audit_ledger(session) == []

    def test_what_a_pair_meets_comes_out_of_its_own_minutes_and_an_overrun_shows(self, session, cast, round_, now):
        answers = {"mentor_answer": "yes", "mentee_answer": "yes"}
        pair = make_offer(session, round_, cast.mentor, cast.mentee, now=now, state="accepted", **answers)
        for minutes in (45, 90):
            at = now + timedelta(days=30)
            spend(session, cast.mentor.offer.id, minutes, offer_id=pair.id, why="meeting", on=at.date(), now=at)
            session.commit()
            march = sum_month(my_time(session, cast.mo.id)[0], date(2027, 3, 1))
            assert march.left == max(0, 60 - march.spent)
            assert march.over == max(0, march.spent - 120)
        assert march.over == 15

    def test_months_follow_each_other_over_the_end_of_a_year(self):
        assert [month_after(date(2027, 11, 30), n) for n in (-11, 0, 2)] == [
            date(2026, 12, 1),
            date(2027, 11, 1),
            date(2028, 1, 1),
        ]
