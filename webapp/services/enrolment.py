"""Who takes part in a round, and what changed since it was frozen: who came late, left, or edited her answers.

Nothing of it leaks into the snapshot. The answers of now are compared with those that were frozen, so that what is
listed as changed is what the pairs do not know.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from matcher.taxonomy import Taxonomy
from webapp.engine.encode import known_words, taxonomy_of
from webapp.engine.students import said_adult
from webapp.models import (
    AvailabilityWindow,
    Membership,
    MenteeRequest,
    MentorOffer,
    Offer,
    Person,
    Profile,
    Programme,
    Round,
    RoundWithdrawal,
)
from webapp.services.errors import NotFoundError
from webapp.services.withdrawals import LEAVABLE

PAGE = 25
GROUPS = ("late", "gone", "edited", "left", "same")


@dataclass(frozen=True)
class EnrolledPerson:
    """Somebody of a round. `group` is one of GROUPS; `edits` are keys of what she changed since the freeze."""

    id: uuid.UUID
    name: str
    is_mentor: bool
    is_mentee: bool
    status: str
    group: str
    edits: tuple[str, ...] = ()
    joined_at: datetime | None = None
    left_by_herself: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True)
class Enrolment:
    """One page of a group, and how many are in each."""

    frozen: bool
    leavable: bool
    counts: Mapping[str, int]
    group: str
    rows: tuple[EnrolledPerson, ...]
    number: int
    pages: int


def find_enrolment(
    session: Session, programme_id: uuid.UUID, round_id: uuid.UUID, *, group: str, text: str, page: int
) -> Enrolment:
    """Return who takes part in a round. Five queries, whatever their number.

    Without a group, it is the first that has anybody in it.

    Raises
    ------
    NotFoundError
        The programme has no such round.

    """
    found = session.execute(
        select(Round.state, Round.snapshot, Round.published_at).where(
            Round.id == round_id, Round.programme_id == programme_id
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError
    people = _people(session, programme_id, round_id, found.snapshot, is_out=found.published_at is not None)
    counts = {name: sum(person.group == name for person in people) for name in GROUPS}
    chosen = group or next((name for name in GROUPS if counts[name]), "same")
    words = text.casefold().split()
    rows = [p for p in people if p.group == chosen and all(word in p.name.casefold() for word in words)]
    rows.sort(key=lambda person: (person.name.casefold(), person.id))
    pages = max(1, -(-len(rows) // PAGE))
    number = min(page, pages)
    shown = tuple(rows[(number - 1) * PAGE : number * PAGE])
    return Enrolment(found.snapshot is not None, found.state in LEAVABLE, counts, chosen, shown, number, pages)


def _people(
    session: Session, programme_id: uuid.UUID, round_id: uuid.UUID, snapshot: dict[str, Any] | None, *, is_out: bool
) -> list[EnrolledPerson]:
    frozen = _frozen(snapshot)
    hours = _hours(session, programme_id) if snapshot else {}
    held = _held(session, programme_id)
    taxonomy = taxonomy_of(session.get_one(Programme, programme_id))
    left = {
        row.membership_id: row
        for row in session.scalars(select(RoundWithdrawal).where(RoundWithdrawal.round_id == round_id))
    }
    people = []
    for row in session.execute(_members(programme_id)):
        records = frozen.get(str(row.id), {})
        withdrawal = left.get(row.id)
        edits: tuple[str, ...] = ()
        if withdrawal is not None:
            group = "left"
        elif not _takes_part(row, held):
            if not records:
                continue
            group = "gone"
        elif snapshot is None:
            group = "same"
        elif not records:
            group = "late"
        else:
            wanted = (row.wanted or 0) - held.get(row.id, 0)
            mine = hours.get(row.person_id, [])
            edits = tuple(_edits(row, records, mine, wanted, taxonomy, is_out=is_out))
            group = "edited" if edits else "same"
        people.append(
            EnrolledPerson(
                row.id,
                row.name,
                row.is_mentor,
                row.is_mentee,
                row.status,
                group,
                edits,
                row.joined_at,
                withdrawal is not None and withdrawal.by_person_id == row.person_id,
                withdrawal.created_at if withdrawal else None,
            )
        )
    return people


def _takes_part(row: Any, held: Mapping[uuid.UUID, int]) -> bool:
    """Whether a freeze would take her in now, as mentor or as a mentee who still wants somebody."""
    if row.status != "active" or row.joined_at is None or not row.said_adult:
        return False
    as_mentor = row.is_mentor and row.places is not None
    return as_mentor or (row.is_mentee and row.wanted is not None and row.wanted > held.get(row.id, 0))


def _frozen(snapshot: dict[str, Any] | None) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what was frozen of each membership, by side."""
    records: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for side in ("mentors", "mentees"):
        for plain in (snapshot or {}).get(side, ()):
            records[plain["key"]][side] = plain
    return records


def _edits(
    row: Any,
    records: Mapping[str, dict[str, Any]],
    hours: list[list[int]],
    wanted: int,
    taxonomy: Taxonomy,
    *,
    is_out: bool,
) -> Iterable[str]:
    """Name what she would give a snapshot now that is not what it has."""
    for number, (side, before) in enumerate(records.items()):
        after = _as_mentor(row, taxonomy) if side == "mentors" else _as_mentee(row, wanted, taxonomy)
        if after is None:
            yield "stopped"
            continue
        stage = known_words("stages", [row.stage or ""], taxonomy)
        after |= {"stage": stage[0] if stage else None, "languages": list(row.languages or ())}
        after |= {"zone": row.zone, "windows": hours}
        for edit, names in (*(_OF_BOTH if not number else ()), *_OF_SIDE[side]):
            # Once the offers are out they have taken of her room and wishes, and that is no edit of hers.
            if not (is_out and edit in _TAKEN) and any(before[n] != after[n] for n in names if n in after):
                yield edit


_OF_BOTH = (("stage", ("stage",)), ("languages", ("languages",)), ("hours", ("zone", "windows")))
_OF_SIDE = {
    "mentors": (
        ("specialties", ("specialties",)),
        ("topics", ("topics",)),
        ("welcome", ("stages_welcome",)),
        ("room", ("minutes", "places")),
    ),
    "mentees": (("wishes", ("specialties",)), ("needs", ("topics",)), ("wanted", ("wanted", "minutes"))),
}
_TAKEN = ("room", "wanted")


def _as_mentor(row: Any, taxonomy: Taxonomy) -> dict[str, Any] | None:
    if not row.is_mentor or row.places is None:
        return None
    now: dict[str, Any] = {
        "specialties": list(known_words("specialties", row.practises or (), taxonomy)),
        "topics": list(known_words("topics", row.offers, taxonomy)),
        "stages_welcome": list(known_words("stages", row.welcomes, taxonomy)),
        "places": max(0, row.places - row.reserved_places),
    }
    # What a cap over all programmes leaves of her minutes depends on the other programmes.
    return now if row.cap is not None else now | {"minutes": max(0, row.minutes - row.reserved_minutes)}


def _as_mentee(row: Any, wanted: int, taxonomy: Taxonomy) -> dict[str, Any] | None:
    if not row.is_mentee or row.wanted is None:
        return None
    return {
        "specialties": list(known_words("specialties", row.interests, taxonomy)),
        "topics": list(known_words("topics", row.needs, taxonomy)),
        "wanted": max(0, wanted),
        "minutes": row.asks,
    }


def _members(programme_id: uuid.UUID) -> Any:
    return (
        select(
            Membership.id,
            Membership.person_id,
            Membership.status,
            Membership.joined_at,
            said_adult().label("said_adult"),
            Membership.is_mentor,
            Membership.is_mentee,
            Person.name,
            Person.zone,
            Person.minutes_cap.label("cap"),
            Profile.stage,
            Profile.languages,
            Profile.specialties.label("practises"),
            MentorOffer.topics.label("offers"),
            MentorOffer.stages_welcome.label("welcomes"),
            MentorOffer.minutes_a_month.label("minutes"),
            # Numbers that came from a file are none until she has said them herself.
            case((MentorOffer.is_provisional.is_(False), MentorOffer.places)).label("places"),
            MentorOffer.reserved_minutes,
            MentorOffer.reserved_places,
            MenteeRequest.topics.label("needs"),
            MenteeRequest.specialties.label("interests"),
            MenteeRequest.mentors_wanted.label("wanted"),
            MenteeRequest.minutes_a_month.label("asks"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Profile, Profile.person_id == Membership.person_id)
        .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        .outerjoin(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(Membership.programme_id == programme_id)
    )


def _hours(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, list[list[int]]]:
    hours: defaultdict[uuid.UUID, list[list[int]]] = defaultdict(list)
    window = AvailabilityWindow
    rows = session.execute(
        select(window.person_id, window.weekday, window.start_minute, window.end_minute)
        .join(Membership, Membership.person_id == window.person_id)
        .where(Membership.programme_id == programme_id)
        .order_by(window.weekday, window.start_minute)
    )
    for person, *stretch in rows:
        hours[person].append(stretch)
    return hours


def _held(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return how many mentors each mentee has, or is being offered."""
    rows = session.execute(
        select(Offer.mentee_id, func.count())
        .join(Membership, Membership.id == Offer.mentee_id)
        .where(Membership.programme_id == programme_id, Offer.holds_minutes, ~Offer.once)
        .group_by(Offer.mentee_id)
    )
    return dict(rows.all())
