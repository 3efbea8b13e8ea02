"""The single steps of changes by hand: who the two are, what room is left, when they could meet.

All run inside their caller's transaction, which holds the lock on the round.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, undefer

from matcher.availability import Slot
from matcher.diary import Booking
from webapp.engine.bookings import bookings_of
from webapp.engine.hand_pair import HandPair, bookings_in, keep_or_find, person_keys, read_pair
from webapp.engine.snapshots import read_bookings
from webapp.models import Membership, MentorOffer, Offer, PairRule, Person, Proposal, Round, RoundWithdrawal, Scenario
from webapp.services import offer_steps as steps
from webapp.services.errors import InvalidInputError, NoRoomError, NotFoundError, WrongStateError


class HandLimitError(NoRoomError):
    """A change by hand would go past a limit; with the numbers, as frozen or (`is_now`) as they are today."""

    def __init__(self, what: str, *, limit: int, taken: int, needs: int, is_now: bool) -> None:
        super().__init__(what)
        self.limit, self.taken, self.needs, self.is_now = limit, taken, needs, is_now


@dataclass(frozen=True)
class Room:
    """What a mentor gives in a scenario and what its pairs take of it, without one that is asked about."""

    minutes: int
    places: int
    taken_minutes: int
    taken_places: int


def lock_scenario(session: Session, scenario_id: uuid.UUID, round_id: uuid.UUID) -> Scenario:
    """Return a solved scenario of a round whose lock the caller holds."""
    scenario = session.get(Scenario, scenario_id, populate_existing=True)
    if scenario is None or scenario.round_id != round_id:
        raise NotFoundError
    if scenario.status != "solved":
        raise WrongStateError("scenario", scenario.status, "edit its proposals")
    return scenario


def snapshot_of(session: Session, round_id: uuid.UUID) -> dict[str, Any]:
    row = session.get_one(Round, round_id, options=[undefer(Round.snapshot)])
    if row.snapshot is None:
        raise NotFoundError
    return row.snapshot


def settings_in(scenario: Scenario) -> dict[str, Any]:
    return {**scenario.rules["settings"], "weights": scenario.weights}


def find_pair(
    session: Session,
    scenario: Scenario,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    without: Proposal | None = None,
) -> HandPair:
    """Return two people as the scenario weighs them.

    On a mentee's board they are so in the place that their pair has or had, or that a pair of hers leaves that goes,
    `without`; or else in the one that the mentor fits best of those that no other pair of hers fills.

    Raises
    ------
    InvalidInputError
        `pair` is "not_in_round".

    """
    snapshot = snapshot_of(session, scenario.round_id)
    roles = _roles_in(session, scenario.id, mentee_id, without.id if without else None)
    role = without.role if without else roles.pop(mentor_id, ("", False))[0]
    taken = [role for role, is_live in roles.values() if is_live]
    pair = read_pair(snapshot, settings_in(scenario), str(mentor_id), str(mentee_id), role=role, taken=taken)
    if pair is None:
        raise InvalidInputError({"pair": "not_in_round"})
    return pair


def _roles_in(
    session: Session, scenario_id: uuid.UUID, mentee_id: uuid.UUID, without: uuid.UUID | None
) -> dict[uuid.UUID, tuple[str, bool]]:
    """Return what each pair of a mentee is for, and whether it counts, by mentor."""
    rows = session.execute(
        select(Proposal.mentor_id, Proposal.role, Proposal.removed_at.is_(None)).where(
            Proposal.scenario_id == scenario_id,
            Proposal.mentee_id == mentee_id,
            Proposal.id != (without or uuid.UUID(int=0)),
        )
    )
    return {mentor: (role, bool(is_live)) for mentor, role, is_live in rows}


def why_apart(session: Session, scenario: Scenario, pair: HandPair, *, now: datetime) -> str:
    """Return what keeps two people from being a pair, frozen or since, apart from room; a key, or nothing."""
    mentor, mentee = (session.get(Membership, uuid.UUID(side.key)) for side in (pair.mentor, pair.mentee))
    if mentor is None or mentee is None:
        return "left"
    if pair.why_not:
        return pair.why_not
    if ruled := _ruled_out(session, scenario.round_id, mentor.id, mentee.id):
        return ruled
    together = exists().where(Offer.mentor_id == mentor.id, Offer.mentee_id == mentee.id, Offer.holds_minutes)
    if session.scalar(select(together)):
        return "already_paired"
    if steps.is_barred(session, mentor, mentee):
        return "excluded"
    return steps.why_not_now(mentor, mentee, now=now)


def _ruled_out(session: Session, round_id: uuid.UUID, mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> str:
    """Return what the round says against two people: one of them left it, or a coordinator ruled the pair out."""
    gone = RoundWithdrawal.membership_id.in_((mentor_id, mentee_id))
    if session.scalar(select(exists().where(RoundWithdrawal.round_id == round_id, gone))):
        return "withdrawn"
    same = (PairRule.mentor_id == mentor_id, PairRule.mentee_id == mentee_id)
    forbidden = exists().where(PairRule.round_id == round_id, PairRule.kind == "forbid", *same)
    return "forbidden" if session.scalar(select(forbidden)) else ""


def room_of(session: Session, scenario_id: uuid.UUID, pair: HandPair, *, without: uuid.UUID | None = None) -> Room:
    """Return the mentor's room in a scenario, as frozen; `without` names a proposal that does not count."""
    count, minutes = session.execute(
        select(func.count(), func.coalesce(func.sum(Proposal.minutes), 0)).where(
            Proposal.scenario_id == scenario_id,
            Proposal.mentor_id == uuid.UUID(pair.mentor.key),
            Proposal.removed_at.is_(None),
            Proposal.id != (without or uuid.UUID(int=0)),
        )
    ).one()
    return Room(pair.mentor.minutes, pair.mentor.places, int(minutes), int(count))


def check_room(session: Session, scenario_id: uuid.UUID, pair: HandPair, *, without: uuid.UUID | None = None) -> None:
    """Refuse a pair that goes past what the mentor gives or the mentee wants, as frozen and as it is now.

    Raises
    ------
    HandLimitError
        With the number it would go past.

    """
    room = room_of(session, scenario_id, pair, without=without)
    left_minutes, left_places, what = _left_now(session, uuid.UUID(pair.mentor.key))
    wanted = _mentors_of(session, scenario_id, uuid.UUID(pair.mentee.key), without)
    wanted_now = _wanted_now(session, uuid.UUID(pair.mentee.key))
    for kind, limit, taken, needs, is_now in (
        ("places", room.places, room.taken_places, 1, False),
        ("minutes", room.minutes, room.taken_minutes, pair.minutes, False),
        ("wanted", pair.wanted, wanted, 1, False),
        ("places", left_places, room.taken_places, 1, True),
        (what, left_minutes, room.taken_minutes, pair.minutes, True),
        ("wanted", wanted_now, wanted, 1, True),
    ):
        if taken + needs > limit:
            raise HandLimitError(kind, limit=max(0, limit), taken=taken, needs=needs, is_now=is_now)


def find_hour(
    session: Session,
    scenario: Scenario,
    pair: HandPair,
    slot: Slot | None = None,
    *,
    without: uuid.UUID | None = None,
) -> Slot | None:
    """Return an hour for two people beside all meetings they have and all other pairs of the scenario."""
    snapshot = snapshot_of(session, scenario.round_id)
    persons = {pair.mentor.person, pair.mentee.person}
    booked = bookings_in(snapshot, persons)
    booked += read_bookings(bookings_of(session, persons))
    booked += _meetings_in(session, scenario, pair, person_keys(snapshot, persons), without)
    return keep_or_find(pair, slot, booked)


def _meetings_in(
    session: Session, scenario: Scenario, pair: HandPair, keys: dict[str, str], without: uuid.UUID | None
) -> list[Booking]:
    """Return the meetings of the other pairs that these two have in a scenario."""
    ids = [uuid.UUID(key) for key in keys]
    rows = session.execute(
        select(Proposal, Person.zone)
        .join(Membership, Membership.id == Proposal.mentor_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Proposal.scenario_id == scenario.id,
            Proposal.removed_at.is_(None),
            Proposal.slot_weekday.is_not(None),
            or_(Proposal.mentor_id.in_(ids), Proposal.mentee_id.in_(ids)),
        )
    )
    found = []
    for row, zone in rows:
        sides = str(row.mentor_id), str(row.mentee_id)
        if sides == (pair.mentor.key, pair.mentee.key) or row.id == without:
            continue
        slot = Slot(row.slot_weekday or 0, row.slot_minute or 0, row.slot_week or 0)
        length = pair.settings.meeting_length(row.minutes)
        cadence = "weekly" if row.slot_week is None else pair.settings.cadence
        found += [Booking(keys[key], zone, slot, length, cadence) for key in sides if key in keys]
    return found


def _mentors_of(session: Session, scenario_id: uuid.UUID, mentee_id: uuid.UUID, without: uuid.UUID | None) -> int:
    query = select(func.count()).where(
        Proposal.scenario_id == scenario_id,
        Proposal.mentee_id == mentee_id,
        Proposal.removed_at.is_(None),
        Proposal.id != (without or uuid.UUID(int=0)),
    )
    return session.scalar(query) or 0


def _left_now(session: Session, mentor_id: uuid.UUID) -> tuple[int, int, str]:
    """Return a mentor's free minutes and places as they are now, and whether her cap over all programmes is nearer."""
    row = session.execute(
        select(MentorOffer, Person.minutes_cap, Person.id)
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id == mentor_id)
    ).one()
    offer, cap, person_id = row
    minutes, places = offer.minutes_a_month - offer.reserved_minutes, offer.places - offer.reserved_places
    if cap is None:
        return minutes, places, "minutes"
    reserved = session.scalar(
        select(func.coalesce(func.sum(MentorOffer.reserved_minutes), 0))
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .where(Membership.person_id == person_id)
    )
    left = cap - int(reserved or 0)
    return (left, places, "cap") if left < minutes else (minutes, places, "minutes")


def _wanted_now(session: Session, mentee_id: uuid.UUID) -> int:
    mentee = session.get_one(Membership, mentee_id)
    return steps.mentors_wanted(mentee) - steps.mentors_held(session, [mentee_id]).get(mentee_id, 0)
