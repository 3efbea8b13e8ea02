"""A mentee who asked for a mentor for each of two needs, among the people who could fill her places."""

from datetime import datetime
from types import SimpleNamespace

from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person
from tests.factories.pools import freeze, solve

NEEDS = ["leadership", "work_life", "career_change"]


def make_people(session: Session) -> SimpleNamespace:
    """Lee asks for a mentor for each of two needs; Mo and Rosa offer one each, Ida both; Nia wants one mentor."""
    cast = Cast.create(session)
    cast.mentor.offer.topics, cast.mentor.offer.places = [NEEDS[0]], 1
    request = cast.mentee.request
    request.topics, request.mentors_wanted, request.board = NEEDS[:2], 2, True

    def mentor(name, topics):
        return make_mentor(session, cast.programme, make_person(session, name), topics=topics, places=1)

    rosa, ida = mentor("Dr Rosa Prat", [NEEDS[1]]), mentor("Dr Ida Holm", NEEDS[:2])
    nia = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"), topics=NEEDS)
    session.commit()
    return SimpleNamespace(cast=cast, lee=cast.mentee, mo=cast.mentor, rosa=rosa, ida=ida, nia=nia)


def solve_round(session: Session, people: SimpleNamespace, now: datetime) -> SimpleNamespace:
    """Freeze and solve a round of these people: Mo and Rosa for Lee's places, Ida for Nia."""
    people.round_id = freeze(session, people.cast.programme, people.cast.ada, now)
    people.scenario = solve(session, people.round_id, people.cast.ada, now)
    people.who = {"programme_id": people.cast.programme.id, "by": people.cast.ada.id, "now": now}
    return people
