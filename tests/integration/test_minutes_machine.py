"""A machine that does what people do, in any order, and looks at every mentor's time after each step."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import MenteeRequest, MentorOffer, Mentorship, Offer, Person
from webapp.services.errors import ConflictError, NoRoomError, WrongStateError
from webapp.services.hand_offers import offer_by_hand
from webapp.services.ledger import audit_ledger
from webapp.services.mentorships import end_mentorship
from webapp.services.my_time import my_time
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.offers import answer_offer, expire_offers, nudge_offers, withdraw_offer
from webapp.services.pausing import offers_in_pause, start_pause
from webapp.services.publishing import publish_round
from webapp.services.time_months import booked_by
from webapp.services.transaction import transaction

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
MINUTES = st.sampled_from([0, 30, 60, 90, 120, 240])
PLACES = st.integers(0, 3)
PICK = st.integers(0, 11)
SIDES = st.sampled_from(["mentor", "mentee"])


class MinutesMachine(RuleBasedStateMachine):
    """Two programmes that share their people, so that a cap over all programmes has something to hold."""

    engine = None  # set by the test that runs the machine

    @initialize()
    def begin(self):
        self.connection = self.engine.connect().execution_options(writes=True)
        self.outer = self.connection.begin()
        make = sessionmaker(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self.session = make()
        self.now = START
        self.programmes = [make_programme(self.session) for _ in range(2)]
        self.rounds = [make_round(self.session, p, state="active") for p in self.programmes]
        self.ada = make_person(self.session, "Ada Oduya")
        for programme in self.programmes:
            make_coordinator(self.session, programme, self.ada)
        self.people = [make_person(self.session, f"Person{n} Example") for n in range(3)]
        first = self.programmes[0]
        self.mentors = [make_mentor(self.session, first, person, minutes=120, places=2) for person in self.people[:2]]
        self.mentees = [
            make_mentee(self.session, first, make_person(self.session, f"New{n} Example"), mentors_wanted=1 + n % 2)
            for n in range(3)
        ]
        for mentee in self.mentees[:2]:
            make_offer(self.session, self.rounds[0], self.mentors[0], mentee, now=self.now)
        self.session.commit()
        self.before = {self.mentors[0].offer.id: (120, 2), self.people[0].id: 120}

    def teardown(self):
        if hasattr(self, "outer"):
            self.session.close()
            self.outer.rollback()
            self.connection.close()

    def tick(self):
        self.session.expire_all()
        return self.now

    # What people do

    @rule(person=PICK, programme=PICK, minutes=MINUTES, places=PLACES, cap=st.sampled_from([None, 60, 150]))
    def mentor_joins(self, person, programme, minutes, places, cap):
        who, where = self.people[person % 3], self.programmes[programme % 2]
        if any(m.person_id == who.id and m.programme_id == where.id for m in self.mentors):
            return
        who.minutes_cap = cap
        self.mentors.append(make_mentor(self.session, where, who, minutes=minutes, places=places))
        self.session.commit()

    @rule(person=PICK, programme=PICK, wanted=st.integers(1, 3), fresh=st.booleans())
    def mentee_joins(self, person, programme, wanted, fresh):
        where = self.programmes[programme % 2]
        who = make_person(self.session, "New Example") if fresh else self.people[person % 3]
        if any(m.person_id == who.id and m.programme_id == where.id for m in self.mentees):
            return
        self.mentees.append(make_mentee(self.session, where, who, mentors_wanted=wanted))
        self.session.commit()

    @precondition(lambda self: self.mentors)
    @rule(which=PICK, minutes=MINUTES, places=PLACES)
    def mentor_changes_her_limits(self, which, minutes, places):
        with transaction(self.session):
            offer = self.session.get(MentorOffer, self.mentors[which % len(self.mentors)].offer.id)
            offer.minutes_a_month, offer.places = minutes, places

    @precondition(lambda self: self.mentors)
    @rule(which=PICK, away=st.booleans())
    def mentor_pauses_or_returns(self, which, away):
        with transaction(self.session):
            offer = self.session.get(MentorOffer, self.mentors[which % len(self.mentors)].offer.id)
            offer.paused_from = self.now.date() if away else None

    @precondition(lambda self: self.mentors)
    @rule(which=PICK, days=st.sampled_from([None, 3, 60]))
    def mentor_pauses_and_takes_offers_back(self, which, days):
        mentor = self.mentors[which % len(self.mentors)]
        slug, mine = mentor.programme.slug, {"person_id": mentor.person_id, "now": self.tick()}
        mine["paused_from"] = self.now.date()
        mine["paused_until"] = None if days is None else self.now.date() + timedelta(days=days)
        waiting = offers_in_pause(self.session, slug, **mine)
        assert start_pause(self.session, slug, seen=[offer.offer_id for offer in waiting], **mine) == len(waiting)

    @rule(which=PICK, cap=st.sampled_from([None, 0, 60, 150]))
    def person_changes_her_cap(self, which, cap):
        with transaction(self.session):
            self.session.get(Person, self.people[which % 3].id).minutes_cap = cap

    @precondition(lambda self: self.mentors and self.mentees)
    @rule(mentor=PICK, mentee=PICK)
    def coordinator_offers_by_hand(self, mentor, mentee):
        mentor, mentee = self.mentors[mentor % len(self.mentors)], self.mentees[mentee % len(self.mentees)]
        if mentor.programme_id != mentee.programme_id:
            return
        number = [p.id for p in self.programmes].index(mentor.programme_id)
        ids = {"programme_id": mentor.programme_id, "by": self.ada.id}
        try:
            offer_by_hand(self.session, self.rounds[number].id, mentor.id, mentee.id, now=self.tick(), **ids)
        except ConflictError:
            self.session.rollback()

    @precondition(lambda self: self.mentors and self.mentees)
    @rule(which=PICK, pairs=st.lists(st.tuples(PICK, PICK), min_size=1, max_size=5))
    def coordinator_publishes_a_round(self, which, pairs):
        programme = self.programmes[which % 2]
        mentors = [m for m in self.mentors if m.programme_id == programme.id]
        mentees = [m for m in self.mentees if m.programme_id == programme.id]
        if not mentors or not mentees:
            return
        chosen = {(mentors[a % len(mentors)], mentees[b % len(mentees)]) for a, b in pairs}
        chosen = [(a, b) for a, b in chosen if a.id != b.id]
        if not chosen:
            return
        round_ = make_round(self.session, programme)
        scenario = make_scenario(self.session, round_, sorted(chosen, key=lambda pair: (pair[0].id, pair[1].id)))
        self.session.commit()
        offers = self.session.query(Offer).count()
        ids = {"programme_id": programme.id, "by": self.ada.id, "expected_offers": len(chosen)}
        try:
            publish_round(self.session, round_.id, scenario.id, now=self.tick(), **ids)
        except ChangedMeanwhileError:
            assert self.session.query(Offer).count() == offers
        else:
            assert self.session.query(Offer).count() == offers + len(chosen)

    def pick_offer(self, which):
        offers = self.session.scalars(select(Offer).order_by(Offer.created_at, Offer.id)).all()
        return offers[which % len(offers)] if offers else None

    @rule(which=PICK, side=SIDES, answer=st.sampled_from(["yes", "no"]))
    def somebody_answers(self, which, side, answer):
        self.tick()
        offer = self.pick_offer(which)
        if offer is None:
            return
        person = getattr(offer, side).person_id
        before = (offer.state, offer.mentor_answer, offer.mentee_answer)
        try:
            answer_offer(self.session, offer.id, person_id=person, answer=answer, now=self.now)
        except (NoRoomError, WrongStateError, ConflictError):
            self.session.expire_all()
            assert (offer.state, offer.mentor_answer, offer.mentee_answer) == before

    @rule(which=PICK)
    def both_say_yes(self, which):
        for side in ("mentor", "mentee"):
            self.somebody_answers(which=which, side=side, answer="yes")

    @rule(hours=st.sampled_from([1, 30, 80, 200]))
    def time_passes_and_the_worker_looks(self, hours):
        self.now += timedelta(hours=hours)
        expire_offers(self.session, now=self.now)
        nudge_offers(self.session, now=self.now)

    @rule(which=PICK)
    def coordinator_withdraws(self, which):
        self.tick()
        offer = self.pick_offer(which)
        if offer is None:
            return
        ids = {"programme_id": offer.mentor.programme_id, "by": self.ada.id}
        try:
            withdraw_offer(self.session, offer.id, now=self.now, **ids)
        except WrongStateError:
            self.session.expire_all()
            assert offer.state != "open"

    @rule(which=PICK, side=SIDES)
    def somebody_ends_a_pair(self, which, side):
        self.tick()
        pairs = self.session.scalars(select(Mentorship).order_by(Mentorship.id)).all()
        if pairs:
            pair = pairs[which % len(pairs)]
            end_mentorship(self.session, pair.id, person_id=getattr(pair, side).person_id, now=self.now)

    # What must hold after each step

    @invariant()
    def ledger_and_reserved_agree_and_are_never_negative(self):
        if not hasattr(self, "session"):
            return
        self.session.expire_all()
        assert audit_ledger(self.session) == []
        held = Counter()
        places = Counter()
        for offer in self.session.scalars(select(Offer).where(Offer.holds_minutes)):
            held[offer.mentor_id] += offer.minutes
            places[offer.mentor_id] += 1
        for row in self.session.scalars(select(MentorOffer)):
            assert row.reserved_minutes == held[row.membership_id] >= 0
            assert row.reserved_places == places[row.membership_id] >= 0
        for person in self.people:
            for given in my_time(self.session, person.id):
                assert booked_by(given.lines, given.ends_on) == given.reserved_minutes

    @invariant()
    def nothing_is_newly_reserved_past_a_limit(self):
        if not hasattr(self, "session"):
            return
        after = {}
        total = Counter()
        for row in self.session.scalars(select(MentorOffer)):
            after[row.id] = (row.reserved_minutes, row.reserved_places)
            minutes, places = self.before.get(row.id, (0, 0))
            assert row.reserved_minutes <= max(row.minutes_a_month, minutes)
            assert row.reserved_places <= max(row.places, places)
            total[row.membership.person_id] += row.reserved_minutes
        for person in self.session.scalars(select(Person).where(Person.minutes_cap.is_not(None))):
            before = self.before.get(person.id, 0)
            assert total[person.id] <= max(person.minutes_cap, before)
        self.before = after | dict(total)

    @invariant()
    def offers_and_pairs_are_whole(self):
        if not hasattr(self, "session"):
            return
        pairs = {pair.offer_id: pair for pair in self.session.scalars(select(Mentorship))}
        wanted = dict(self.session.query(MenteeRequest.membership_id, MenteeRequest.mentors_wanted).all())
        has = Counter()
        for offer in self.session.scalars(select(Offer)):
            assert (offer.state == "accepted") == (offer.id in pairs)
            running = offer.id in pairs and pairs[offer.id].status == "active"
            assert offer.holds_minutes == (offer.state == "open" or running)
            has[offer.mentee_id] += offer.holds_minutes
        assert all(number <= wanted[mentee] for mentee, number in has.items())


def test_no_mentor_is_ever_over_her_time(shared_engine):
    machine = type("BoundMachine", (MinutesMachine,), {"engine": shared_engine})
    test = machine.TestCase
    test.settings = settings(
        max_examples=20,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    test("runTest").runTest()
