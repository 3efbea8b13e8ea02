"""A repair is sent while people answer, and while a colleague sends it too: all of it happens, or nothing."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.integration.test_races import answering, at_once
from webapp.models import Offer, OutboxMessage
from webapp.services.errors import ConflictError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.repairs import apply_repair

MANY = 8


@dataclass
class Stage:
    """As many mentors as mentees: each has an open offer, and the repair moves all of them one place on."""

    cast: Cast
    offers: list[Offer]
    persons: list[object]
    repair: object
    now: datetime

    def applying(self, session):
        done = apply_repair(
            session, self.repair, programme_id=self.cast.programme.id, by=self.cast.ada.id, now=self.now
        )
        return done.offers, done.withdrawn


@pytest.fixture
def stage(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published", published_at=now)
        mentors = [
            make_mentor(session, cast.programme, make_person(session, f"Mentor{n} Example"), minutes=60, places=1)
            for n in range(MANY)
        ]
        mentees = [
            make_mentee(session, cast.programme, make_person(session, f"Mentee{n} Example")) for n in range(MANY)
        ]
        offers = [make_offer(session, round_, *pair, now=now) for pair in zip(mentors, mentees, strict=True)]
        moved = list(zip(mentors[1:] + mentors[:1], mentees, strict=True))
        totals = {"withdrawn": [str(offer.id) for offer in offers], "fewest_withdrawn": MANY}
        repair = make_scenario(session, round_, moved, objective="repair", totals=totals)
        session.commit()
        return Stage(cast, offers, [mentee.person_id for mentee in mentees], repair.id, now)


def states(session):
    return sorted(session.scalars(select(Offer.state)))


def test_two_coordinators_send_one_repair_once(committed_engine, stage):
    outcome = at_once(committed_engine, [stage.applying] * 4)
    assert outcome == {(MANY, MANY): 1, WrongStateError: 3}
    with Session(committed_engine) as session:
        assert states(session) == ["open"] * MANY + ["withdrawn"] * MANY
        assert audit_ledger(session) == []
        told = sorted(session.scalars(select(OutboxMessage.template)))
        assert told == ["offer_withdrawn"] * 2 * MANY + ["offers_published"] * 2 * MANY


def test_answers_and_a_repair_at_once_leave_one_of_the_two(committed_engine, stage):
    calls = [
        answering(offer.id, person, "yes", stage.now) for offer, person in zip(stage.offers, stage.persons, strict=True)
    ]
    outcome = at_once(committed_engine, [stage.applying, *calls])
    with Session(committed_engine) as session:
        if outcome[ConflictError]:  # somebody said yes first
            assert outcome == {ConflictError: 1, "open": MANY}
            assert states(session) == ["open"] * MANY
        else:
            assert outcome == {(MANY, MANY): 1, WrongStateError: MANY}
            assert states(session) == ["open"] * MANY + ["withdrawn"] * MANY
        assert audit_ledger(session) == []
