"""A solved round small enough to be changed by hand: two mentors and their two mentees."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person
from tests.factories.pools import freeze, solve
from webapp.models import Membership, Proposal, Scenario


@dataclass
class Board:
    """Mo has one place, which Lee has; Rosa has two, one of which Nia has."""

    cast: Cast
    scenario: Scenario
    rosa: Membership
    nia: Membership
    now: datetime

    @classmethod
    def create(cls, session: Session, now: datetime, **solved: Any) -> "Board":
        cast = Cast.create(session)
        cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
        rosa = make_mentor(
            session,
            cast.programme,
            make_person(session, "Dr Rosa Prat", profile={"specialties": ["urology"]}),
            topics=["career_change"],
        )
        nia = make_mentee(
            session,
            cast.programme,
            make_person(session, "Nia Okafor"),
            topics=["career_change"],
            specialties=["urology"],
        )
        session.commit()
        round_id = freeze(session, cast.programme, cast.ada, now)
        return cls(cast, solve(session, round_id, cast.ada, now, **solved), rosa, nia, now)

    @property
    def round_id(self) -> Any:
        return self.scenario.round_id

    @property
    def who(self) -> dict[str, Any]:
        return {"programme_id": self.cast.programme.id, "by": self.cast.ada.id, "now": self.now}

    def live(self, session: Session) -> set[tuple[str, str]]:
        """Return the pairs that would be published, by first names."""
        session.expire_all()
        rows = session.scalars(
            select(Proposal).where(Proposal.scenario_id == self.scenario.id, Proposal.removed_at.is_(None))
        )
        return {(row.mentor.person.name.split()[1], row.mentee.person.name.split()[0]) for row in rows}

    def proposal(self, session: Session, mentor: Membership, mentee: Membership) -> Proposal | None:
        pair = (Proposal.mentor_id == mentor.id, Proposal.mentee_id == mentee.id)
        return session.scalar(select(Proposal).where(Proposal.scenario_id == self.scenario.id, *pair))
