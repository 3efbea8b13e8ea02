"""Questions, another hour and a first call while an offer is open, one step at a time."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from webapp.models import OfferAsk, OfferMessage, OutboxMessage, TimeEntry
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.my_offers import find_offer
from webapp.services.offer_calls import answer_call, ask_call, call_off, calls_to_propose, count_calls, write_moment
from webapp.services.offer_hours import answer_hours, hours_to_propose, propose_hours, write_hour
from webapp.services.offer_questions import MOST_EACH, write_about_offer
from webapp.services.offers import answer_offer

DAY = timedelta(days=1)


@pytest.fixture
def round_(session, cast, now):
    return make_round(session, cast.programme, state="published", published_at=now)


@pytest.fixture
def offer(session, cast, round_, now):
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_minute=18 * 60, slot_week=0)
    session.commit()
    return offer


def told(session, what):
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "offer_talk"))
    return {row.person_id for row in rows if row.params["what"] == what}


def write(session, offer, person, text="How often would we meet?", *, seen=0, now):
    write_about_offer(session, offer.id, person_id=person.id, text=text, seen=seen, now=now)
    session.refresh(offer)


class TestQuestions:
    def test_either_side_asks_and_the_other_answers_up_to_its_share(self, session, cast, offer, now):
        for number in range(2 * MOST_EACH):
            person, other = (cast.lee, cast.mo) if number % 2 == 0 else (cast.mo, cast.lee)
            write(session, offer, person, f"Line {number}", seen=number, now=now)
            assert other.id in told(session, "question")
        rows = session.scalars(select(OfferMessage).order_by(OfferMessage.number)).all()
        assert [(row.side, row.text) for row in rows[:2]] == [("mentee", "Line 0"), ("mentor", "Line 1")]
        with pytest.raises(ConflictError, match="limit"):
            write(session, offer, cast.lee, seen=2 * MOST_EACH, now=now)

    def test_the_same_button_twice_writes_once(self, session, cast, offer, now):
        for _time in range(2):
            write(session, offer, cast.lee, now=now)
        assert session.query(OfferMessage).count() == 1
        with pytest.raises(ConflictError, match="seen"):
            write(session, offer, cast.lee, text="Something else?", now=now)

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("  \n ", "empty"),
            ("x" * 601, "long"),
            ("write to lee@example.org", "address"),
            ("call +1 (312) 555 01 99", "address"),
            ("see https://example.org/x", "address"),
        ],
    )
    def test_nothing_long_and_no_address_passes(self, session, cast, offer, now, text, fault):
        with pytest.raises(InvalidInputError) as caught:
            write(session, offer, cast.lee, text, now=now)
        assert caught.value.faults == {"text": fault}
        assert session.query(OfferMessage).count() == 0

    def test_years_and_emoji_are_no_address(self, session, cast, offer, now):
        write(session, offer, cast.lee, "From 2027 to 2029, 2 h a week? Grüße, 李 🙂", now=now)

    def test_a_question_in_the_last_days_moves_the_deadline_once(self, session, cast, offer, now):
        deadline = offer.deadline_at
        write(session, offer, cast.lee, now=now)
        assert offer.deadline_at == deadline, "there is time enough"
        write(session, offer, cast.mo, seen=1, now=deadline - DAY)
        assert offer.deadline_at == deadline + 2 * DAY
        write(session, offer, cast.lee, seen=2, now=deadline + DAY)
        assert offer.deadline_at == deadline + 2 * DAY

    def test_strangers_and_late_comers_ask_nothing(self, session, cast, offer, now):
        with pytest.raises(NotFoundError):
            write(session, offer, cast.kim, now=now)
        with pytest.raises(WrongStateError, match="expired"):
            write(session, offer, cast.lee, now=offer.deadline_at)
        answer_offer(session, offer.id, person_id=cast.mo.id, answer="no", now=now)
        with pytest.raises(WrongStateError, match="declined"):
            write(session, offer, cast.lee, now=now)


def hours(session, offer, person):
    return [write_hour(h) for h in hours_to_propose(session, find_offer(session, offer.id, person_id=person.id))]


def slot(session, offer):
    session.refresh(offer)
    return write_hour((offer.slot_weekday, offer.slot_minute, offer.slot_week))


class TestAnotherHour:
    def test_one_proposes_and_the_other_takes_one(self, session, cast, offer, now):
        choices = hours(session, offer, cast.mo)
        assert len(choices) == 3
        assert slot(session, offer) not in choices
        propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices[:2], now=now)
        assert told(session, "hour_asked") == {cast.lee.id}
        ask = session.scalars(select(OfferAsk)).one()
        answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice=choices[1], now=now)
        assert slot(session, offer) == choices[1]
        assert told(session, "hour_taken") == {cast.mo.id}
        with pytest.raises(WrongStateError, match="taken"):
            answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice="keep", now=now)

    def test_keeping_the_hour_changes_nothing_and_frees_the_way_for_another_wish(self, session, cast, offer, now):
        before, choices = slot(session, offer), hours(session, offer, cast.lee)
        propose_hours(session, offer.id, person_id=cast.lee.id, choices=choices, now=now)
        with pytest.raises(ConflictError, match="ask"):
            propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices, now=now)
        ask = session.scalars(select(OfferAsk)).one()
        with pytest.raises(NotFoundError):
            answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice="keep", now=now)
        answer_hours(session, offer.id, ask.id, person_id=cast.mo.id, choice="keep", now=now)
        assert slot(session, offer) == before
        propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices[:1], now=now)

    def test_an_hour_that_was_taken_meanwhile_is_refused(self, session, cast, round_, offer, now):
        choices = hours(session, offer, cast.mo)
        propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices, now=now)
        weekday, minute, week = (int(part) for part in choices[0].split("-"))
        other = make_mentee(session, cast.programme, make_person(session, "Third Person"))
        there = {"slot_weekday": weekday, "slot_minute": minute, "slot_week": week}
        make_offer(session, round_, cast.mentor, other, now=now, **there)
        session.commit()
        ask = session.scalars(select(OfferAsk)).one()
        before = slot(session, offer)
        with pytest.raises(ConflictError, match="hour"):
            answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice=choices[0], now=now)
        assert slot(session, offer) == before
        answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice=choices[1], now=now)
        assert slot(session, offer) == choices[1]

    @pytest.mark.parametrize("choices", [[], ["1-2"], ["7-0-0"], ["mon"], ["0-0-0"]])
    def test_what_is_no_shared_hour_is_refused(self, session, cast, offer, now, choices):
        with pytest.raises((InvalidInputError, ConflictError)):
            propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices, now=now)
        assert session.query(OfferAsk).count() == 0

    def test_an_hour_that_was_not_proposed_is_not_taken(self, session, cast, offer, now):
        choices = hours(session, offer, cast.mo)
        propose_hours(session, offer.id, person_id=cast.mo.id, choices=choices[:1], now=now)
        ask = session.scalars(select(OfferAsk)).one()
        with pytest.raises(InvalidInputError):
            answer_hours(session, offer.id, ask.id, person_id=cast.lee.id, choice=choices[2], now=now)


def calls(session, offer, person, now):
    found = find_offer(session, offer.id, person_id=person.id)
    return [write_moment(moment) for moment in calls_to_propose(session, found, now=now)]


def spent(session):
    return [(e.minutes, e.month.isoformat()) for e in session.scalars(select(TimeEntry)) if e.kind == "spent"]


class TestFirstCall:
    def agree(self, session, cast, offer, now, **values):
        choices = calls(session, offer, cast.lee, now)
        ask_call(session, offer.id, person_id=cast.lee.id, choices=choices, place="+1 312 555 01 99", now=now)
        ask = session.scalars(select(OfferAsk).where(OfferAsk.state == "open")).one()
        answer_call(session, offer.id, ask.id, person_id=cast.mo.id, choice=choices[-1], now=now, **values)
        session.expire_all()
        return ask

    def test_moments_lie_ahead_on_different_days_inside_both_hours(self, session, cast, offer, now):
        moments = calls_to_propose(session, find_offer(session, offer.id, person_id=cast.mo.id), now=now)
        assert len({moment.astimezone(ZoneInfo(cast.mo.zone)).date() for moment in moments}) == 3
        assert all(now < moment < now + 8 * DAY for moment in moments)

    def test_both_agree_the_deadline_moves_once_and_the_minutes_are_counted_after_it(self, session, cast, offer, now):
        ask = self.agree(session, cast, offer, now)
        assert offer.deadline_at == max(now + 7 * DAY, ask.starts_at + 2 * DAY)
        assert told(session, "call_asked") == {cast.mo.id}
        assert told(session, "call_taken") == {cast.mo.id, cast.lee.id}
        assert count_calls(session, now=ask.starts_at + timedelta(minutes=14)) == 0
        assert spent(session) == []
        after = ask.starts_at + timedelta(minutes=15)
        assert [count_calls(session, now=after) for _ in range(2)] == [1, 0]
        assert spent(session) == [(15, "2027-02-01")]
        assert audit_ledger(session) == []
        with pytest.raises(ConflictError, match="ask"):
            ask_call(
                session,
                offer.id,
                person_id=cast.mo.id,
                choices=[write_moment(now + DAY)],
                place="+1 312 555 01 99",
                now=now,
            )

    def test_a_full_month_needs_the_mentors_own_word(self, session, cast, offer, now):
        cast.mentor.offer.minutes_a_month = 60
        session.commit()
        with pytest.raises(NoRoomError, match="month"):
            self.agree(session, cast, offer, now)
        ask = session.scalars(select(OfferAsk)).one()
        answer_call(session, offer.id, ask.id, person_id=cast.mo.id, choice=ask.choices[0], beyond=True, now=now)
        session.refresh(ask)
        assert (ask.state, ask.beyond) == ("taken", True)
        count_calls(session, now=ask.starts_at + DAY)
        assert spent(session) == [(15, "2027-02-01")]
        assert cast.mentor.offer.minutes_a_month == 60

    def test_the_mentees_word_does_not_open_a_full_month(self, session, cast, offer, now):
        choices = calls(session, offer, cast.mo, now)
        ask_call(session, offer.id, person_id=cast.mo.id, choices=choices, place="+1 312 555 01 99", now=now)
        cast.mentor.offer.minutes_a_month = 60
        session.commit()
        ask = session.scalars(select(OfferAsk)).one()
        with pytest.raises(NoRoomError):
            answer_call(session, offer.id, ask.id, person_id=cast.lee.id, choice=choices[0], beyond=True, now=now)

    def test_a_call_that_is_called_off_counts_nothing(self, session, cast, offer, now):
        ask = self.agree(session, cast, offer, now)
        for _ in range(2):
            call_off(session, offer.id, ask.id, person_id=cast.lee.id, now=now)
        assert told(session, "call_called_off") == {cast.mo.id}
        assert count_calls(session, now=now + 20 * DAY) == 0
        assert spent(session) == []

    def test_a_call_of_an_offer_that_came_to_nothing_before_counts_nothing(self, session, cast, offer, now):
        self.agree(session, cast, offer, now)
        answer_offer(session, offer.id, person_id=cast.mo.id, answer="no", now=now)
        assert count_calls(session, now=now + 20 * DAY) == 0
        assert session.scalars(select(OfferAsk.state)).one() == "gone"

    def test_doing_without_leaves_all_as_it_is(self, session, cast, offer, now):
        deadline, choices = offer.deadline_at, calls(session, offer, cast.lee, now)
        ask_call(session, offer.id, person_id=cast.lee.id, choices=choices, place="+1 312 555 01 99", now=now)
        ask = session.scalars(select(OfferAsk)).one()
        answer_call(session, offer.id, ask.id, person_id=cast.mo.id, choice="keep", now=now)
        session.expire_all()
        assert (ask.state, offer.deadline_at) == ("kept", deadline)

    def test_two_calls_of_one_mentor_do_not_meet(self, session, cast, round_, offer, now):
        ask = self.agree(session, cast, offer, now)
        other = make_mentee(session, cast.programme, make_person(session, "Third Person"))
        second = make_offer(session, round_, cast.mentor, other, now=now, slot_weekday=2)
        session.commit()
        with pytest.raises(ConflictError, match="call"):
            ask_call(
                session,
                second.id,
                person_id=other.person_id,
                choices=[write_moment(ask.starts_at)],
                place="+1 312 555 01 99",
                now=now,
            )

    @pytest.mark.parametrize("choice", ["", "tomorrow", "20270101T1200Z", "20290101T1200Z", "99999999T9999Z"])
    def test_what_is_no_moment_of_the_next_days_is_refused(self, session, cast, offer, now, choice):
        with pytest.raises((InvalidInputError, ConflictError)):
            ask_call(session, offer.id, person_id=cast.lee.id, choices=[choice], place="+1 312 555 01 99", now=now)

    def test_an_offer_without_shared_hours_has_no_call_to_propose(self, session, cast, round_, now):
        mentor = make_mentor(session, cast.programme, make_person(session, "Early Bird", windows=[(0, 300, 360)]))
        offer = make_offer(session, round_, mentor, cast.mentee, now=now, slot_weekday=None, slot_minute=None)
        session.commit()
        assert calls(session, offer, cast.lee, now) == []
        assert hours(session, offer, cast.lee) == []
