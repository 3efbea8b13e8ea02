"""Who leaves gives back what was held, and nobody is left with a pair of one."""

import pytest
from sqlalchemy.orm import Session

from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person
from tests.factories.guests import make_guest
from tests.factories.offers import make_offer, make_round
from tests.integration.test_lock_order import Circle
from tests.integration.test_races import answering, at_once
from webapp.models import Membership, MentorOffer, Mentorship, Offer, OutboxMessage, Round
from webapp.services.departures import leave_programme, read_leaving
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger

YES = {"state": "accepted", "mentor_answer": "yes", "mentee_answer": "yes"}


@pytest.fixture
def scene(session, cast, now):
    """Mo has a pair with Lee and an open offer to Zoë, and is Kim's mentee."""
    round_ = make_round(session, cast.programme, state="published")
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, **YES)
    sides = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    pair = Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60)
    session.add(pair)
    zoe = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    waiting = make_offer(session, round_, cast.mentor, zoe, now=now)
    kim = make_mentor(session, cast.programme, cast.kim)
    make_mentee(session, cast.programme, cast.mo)
    as_mentee = make_offer(session, round_, kim, cast.mentor, now=now)
    session.commit()
    return {"pair": pair.id, "offer": waiting.id, "as_mentee": as_mentee.id, "round": round_.id, "zoe": zoe.id}


def leave(session, cast, membership, now, programme=None):
    leave_programme(session, (programme or cast.programme).id, membership.id, by=cast.ada.id, now=now)
    session.expire_all()


def test_leaving_frees_minutes_on_both_sides_and_tells_the_others(session, cast, scene, now):
    facts = read_leaving(session, cast.programme.id, cast.mentor.id)
    assert (facts.offers, facts.pairs) == (2, 1)
    leave(session, cast, cast.mentor, now)
    assert session.get(Membership, cast.mentor.id).status == "left"
    pair = session.get(Mentorship, scene["pair"])
    assert (pair.status, pair.end_reason) == ("ended", "left")
    assert {session.get(Offer, scene[key]).state for key in ("offer", "as_mentee")} == {"withdrawn"}
    assert {offer.reserved_minutes for offer in session.query(MentorOffer)} == {0}
    assert audit_ledger(session) == []
    told = {(m.template, m.person_id) for m in session.query(OutboxMessage)}
    assert told == {
        ("mentorship_ended", cast.lee.id),
        ("offer_withdrawn", session.get(Membership, scene["zoe"]).person_id),
        ("offer_withdrawn", cast.kim.id),
        ("membership_left", cast.mo.id),
    }
    assert session.get(Round, scene["round"]).state == "active"
    with pytest.raises(WrongStateError):
        leave(session, cast, cast.mentor, now)


def test_coordinator_leaves_the_pool_and_goes_on_coordinating(session, cast, scene, now):
    make_coordinator(session, cast.programme, cast.mo)
    session.commit()
    leave(session, cast, cast.mentor, now)
    member = session.get(Membership, cast.mentor.id)
    assert (member.status, member.is_coordinator, member.is_mentor, member.is_mentee) == ("active", True, False, False)
    with pytest.raises(WrongStateError):
        leave(session, cast, cast.coordinator, now)


def test_people_of_another_programme_do_not_leave_this_one(session, cast, scene, now):
    with pytest.raises(NotFoundError):
        leave(session, cast, cast.mentor, now, programme=cast.elsewhere)
    session.rollback()
    assert session.get(Membership, cast.mentor.id).status == "active"


def test_all_leave_while_their_offers_are_accepted(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        circle = Circle(session, now)
        programme_id = circle.programme.id
        session.commit()

    def leaving(member_id, by):
        def call(session):
            try:
                leave_programme(session, programme_id, member_id, by=by, now=now)
            except ConflictError:
                return "again"
            return "left"

        return call

    calls = [answering(offer, mentee, "yes", now) for offer, mentee in circle.offers]
    calls += [leaving(member, circle.people[0]) for member in circle.members]
    at_once(committed_engine, calls)
    with Session(committed_engine) as session:
        for member_id in circle.members:
            if session.get(Membership, member_id).status != "left":
                leave_programme(session, programme_id, member_id, by=circle.people[0], now=now)
        assert audit_ledger(session) == []
        assert {offer.reserved_minutes for offer in session.query(MentorOffer)} == {0}
        assert {pair.status for pair in session.query(Mentorship)} <= {"ended"}
        assert session.query(Offer).filter_by(state="open").count() == 0


def test_whoever_was_taken_out_before_joining_is_no_guest_any_more(session, cast, now):
    guest = make_guest(session, cast.programme, invited_at=now)
    session.commit()
    leave(session, cast, guest, now)
    left = session.get(Membership, guest.id)
    assert (left.status, left.invited_at) == ("left", None)
