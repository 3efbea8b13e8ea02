"""The demonstration's round that is over, told through the services that the pages call, with the clock set back."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.engine.solving import solve_work
from webapp.models import Membership, Offer, Person
from webapp.services import jobs, offers, pair_rules, publishing, rounds, scenarios
from webapp.services.demo_people import SEED

SEASONS = ("Winter", "Spring", "Summer", "Autumn")


class PastRound:
    """A round from first to last."""

    def __init__(self, session: Session, programme_id: uuid.UUID, coordinator: uuid.UUID) -> None:
        self.session, self.programme_id, self.coordinator = session, programme_id, coordinator
        self.random = Random(SEED)  # noqa: S311 - invents answers, guards nothing

    def run(self, *, pinned: tuple[uuid.UUID, uuid.UUID], sure: Collection[str], moment: datetime) -> uuid.UUID:
        """Enrol, freeze, solve, publish and answer, and return the round; those at `sure` addresses all say yes."""
        mine: Any = {"programme_id": self.programme_id, "by": self.coordinator}
        past = rounds.create_round(
            self.session, self.programme_id, season(moment.date()), moment.date(), by=self.coordinator, now=moment
        )
        rounds.open_round(self.session, past, **mine, now=moment)
        moment += timedelta(days=1)
        rounds.freeze_round(self.session, past, **mine, now=moment)
        why = "They met at the spring congress and would like to go on."
        pair_rules.pin_pair(self.session, past, *pinned, **mine, why=why, now=moment)
        scenario_id, job_id = scenarios.start_scenario(
            self.session, past, **mine, name="First", objective="coverage", now=moment
        )
        self._solve(scenario_id, job_id, moment)
        moment += timedelta(days=3)
        expected, _people = publishing.mail_count(self.session, scenario_id)
        publishing.publish_round(self.session, past, scenario_id, **mine, expected_offers=expected, now=moment)
        self._answer(past, sure, moment)
        return past

    def _solve(self, scenario_id: uuid.UUID, job_id: uuid.UUID, moment: datetime) -> None:
        """Do what a worker does with the job, in this process."""
        claim = jobs.claim(self.session, job_id, lease=timedelta(minutes=5), now=moment)
        assert claim is not None
        work = scenarios.read_work(self.session, scenario_id, now=moment)
        solved = scenarios.Solved(**solve_work(work, lambda *_progress: None))
        scenarios.store_result(self.session, claim, solved, now=moment + timedelta(seconds=2))

    def _answer(self, past: uuid.UUID, sure: Collection[str], published: datetime) -> None:
        """Let both sides of each offer answer: nearly all say yes, a few say no, a few never look."""
        query = (
            select(Offer.id, Membership.person_id, Person.email)
            .join(Membership, Membership.id.in_([Offer.mentor_id, Offer.mentee_id]))
            .join(Person, Person.id == Membership.person_id)
            .where(Offer.round_id == past)
            .order_by(Person.email, Offer.id)
        )
        # The order of ids is drawn anew each time; that of addresses is not.
        for number, (offer_id, person_id, email) in enumerate(self.session.execute(query).all()):
            draw = 0.0 if email in sure else self.random.random()
            offer = self.session.get_one(Offer, offer_id, populate_existing=True)
            if offer.state != "open" or draw > 0.975:
                continue
            moment = published + timedelta(hours=2 + number % 90)
            if draw > 0.94:
                offers.answer_offer(
                    self.session, offer_id, person_id=person_id, answer="no", reason="no_time", now=moment
                )
            else:
                offers.answer_offer(self.session, offer_id, person_id=person_id, answer="yes", now=moment)
        offers.expire_offers(self.session, now=published + timedelta(days=7, hours=1))


def season(day: date) -> str:
    """Return the name that a round of this day bears: "Spring 2027"."""
    return f"{SEASONS[day.month % 12 // 3]} {day.year}"
