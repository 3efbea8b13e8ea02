"""From rows to the engine: what is known of people, in the engine's words, without their names."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from matcher.people import Mentee, Mentor
from matcher.pool import Window
from matcher.scoring import Settings
from matcher.settings import CRITERIA
from matcher.taxonomy import Taxonomy
from webapp.engine.board_roles import boards_of
from webapp.engine.bookings import bookings_of
from webapp.engine.members import Member, read_members
from webapp.engine.roles import open_first
from webapp.engine.snapshots import FORMAT, hash_of, plain_mentee, plain_mentor, plain_words, pool_of
from webapp.engine.students import said_adult
from webapp.engine.ties import RUNNING, pairs_together, ties_of
from webapp.engine.veil import veil
from webapp.engine.words import Words
from webapp.models import Membership, MentorOffer, Mentorship, Offer, Person, Programme

__all__ = ["hash_of", "known_words", "mentee_record", "mentor_record", "pool_of", "settings_of", "snapshot_of"]


def settings_of(programme: Programme) -> Settings:
    """Return what the programme decides; where it says nothing the engine's defaults hold."""
    return Settings.from_dict(
        {
            **programme.rules,
            "weights": programme.weights or dict(CRITERIA),
            "minutes": programme.meeting_minutes,
            "cadence": programme.cadence,
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "minimum": programme.minimum,
        }
    )


def taxonomy_of(programme: Programme) -> Taxonomy:
    """Return the vocabulary that a programme's people are compared by."""
    return Words.read(programme.vocabulary).taxonomy


def mentor_record(
    membership: Membership | Member, taxonomy: Taxonomy, *, on: date | None = None, cap_left: int | None = None
) -> Mentor:
    """Return a mentor with the minutes and places that are not reserved yet.

    `on` is the day on which a pause counts (today, when left out); `cap_left` what is left of the minutes that the
    person gives over all programmes.
    """
    offer = membership.offer
    assert offer is not None
    minutes = offer.minutes_a_month - offer.reserved_minutes
    if cap_left is not None:
        minutes = min(minutes, cap_left)
    return Mentor(
        **_common(membership, taxonomy),
        specialties=known_words("specialties", _profile_list(membership, "specialties"), taxonomy),
        topics=known_words("topics", offer.topics, taxonomy),
        stages_welcome=known_words("stages", offer.stages_welcome, taxonomy),
        minutes=max(0, minutes),
        # Whoever gives light formats alone has no place for a pair.
        places=max(0, offer.places - offer.reserved_places) if offer.gives_mentoring else 0,
        paused=membership.status == "paused"
        or pauses_on(offer.paused_from, offer.paused_until, on or datetime.now(UTC).date()),
        welcomes_students=offer.welcomes_students,
        approved_for_students=offer.students_approved_at is not None,
    )


def mentee_record(
    membership: Membership | Member, taxonomy: Taxonomy, *, has: int = 0, by: Sequence[Collection[str]] = ()
) -> Mentee:
    """Return a mentee who still wants mentors.

    `has` counts those she has, or has an offer from; `by` holds the topics that they offer, so far as they are known:
    on her board of mentors their roles are filled, and the others come first.
    """
    request = membership.request
    assert request is not None
    return Mentee(
        **_common(membership, taxonomy),
        specialties=known_words("specialties", request.specialties, taxonomy),
        topics=open_first(known_words("topics", request.topics, taxonomy), by),
        wanted=max(0, request.mentors_wanted - has),
        minutes=request.minutes_a_month,
        priority=membership.priority,
    )


def pauses_on(paused_from: date | None, paused_until: date | None, on: date) -> bool:
    """Whether a day lies within a pause; one without an end goes on."""
    return paused_from is not None and paused_from <= on and (paused_until is None or on <= paused_until)


def in_pool(programme_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a membership of which the people of a pool are the rows."""
    return (
        Membership.programme_id == programme_id,
        Membership.status == "active",
        Membership.joined_at.is_not(None),  # a coordinator who adds a role has not agreed to the terms yet
        said_adult(),
    )


def snapshot_of(
    session: Session, programme_id: uuid.UUID, *, now: datetime, with_served: bool = False, with_booked: bool = True
) -> dict[str, Any]:
    """Return all that a round needs to know of a programme's people now: ids and features, no names, no addresses.

    Minutes, places and mentors wanted are what is left beside the pairs in `taken`. Mentees who have all the mentors
    they want are there with `with_served` only, and meetings that people have already with `with_booked`.
    """
    programme = session.get_one(Programme, programme_id)
    taxonomy = taxonomy_of(programme)
    members = list(
        read_members(
            session,
            or_(and_(*in_pool(programme_id)), _pauses_with_pairs(programme_id)),
            or_(Membership.is_mentor, Membership.is_mentee),
        )
    )
    on = now.astimezone(ZoneInfo(programme.zone)).date()
    caps = _caps_left(session, programme_id)
    together = pairs_together(session, programme_id)
    has = Counter(mentee for _, mentee in together)
    # Numbers that a mentor has not confirmed are in no pool, whatever else she has joined as.
    given = [m for m in members if m.is_mentor and m.offer and not m.offer.is_provisional]
    mentors = [mentor_record(m, taxonomy, on=on, cap_left=caps.get(m.person_id)) for m in given]
    seeking = [m for m in members if m.status == "active" and m.is_mentee and m.request]
    filled = _topics_of_mentors(given, together)
    mentees = [mentee_record(m, taxonomy, has=has[str(m.id)], by=list(filled[str(m.id)].values())) for m in seeking]
    needs = {
        str(m.id): known_words("topics", m.request.topics, taxonomy)
        for m in seeking
        if m.request and m.request.board and m.request.mentors_wanted > 1
    }
    boards = boards_of(session, needs, mentees, together, filled)
    mentees = [mentee for mentee in mentees if with_served or mentee.wanted > 0]
    interests, exclusions = ties_of(session, programme_id, together)
    mentors, mentees = veil(mentors, mentees)
    keys = {m.key for m in mentors}, {m.key for m in mentees}
    persons = {m.person for m in mentors} | {m.person for m in mentees}
    words = plain_words(Words.read(programme.vocabulary))
    return {
        "format": FORMAT,
        "programme": str(programme_id),
        **({"words": words} if words else {}),
        "settings": settings_of(programme).to_dict(),
        "mentors": [plain_mentor(mentor) for mentor in mentors],
        "mentees": [plain_mentee(mentee, boards.get(mentee.key)) for mentee in mentees],
        "interests": [row for row in interests if row[0] in keys[0] and row[1] in keys[1]],
        "exclusions": [row for row in exclusions if row[0] in keys[0] and row[1] in keys[1]],
        "taken": sorted([j, i] for j, i in together if j in keys[0] and i in keys[1]),
        "booked": bookings_of(session, persons if with_booked else ()),
        "overdrawn": _overdrawn(members, caps, has),
    }


def _topics_of_mentors(
    mentors: Iterable[Member], together: Collection[tuple[str, str]]
) -> Mapping[str, dict[str, Collection[str]]]:
    """Return for each mentee what those offer who are her mentors already, by mentor."""
    offered = {str(member.id): member.offer.topics for member in mentors if member.offer}
    found: defaultdict[str, dict[str, Collection[str]]] = defaultdict(dict)
    for mentor, mentee in sorted(together):
        if mentor in offered:
            found[mentee][mentor] = offered[mentor]
    return found


def _pauses_with_pairs(programme_id: uuid.UUID) -> ColumnElement[bool]:
    """Say that a mentor pauses whose pairs go on: she gets no new one, and her mentees count as having a mentor."""
    open_offer = exists().where(Offer.mentor_id == Membership.id, Offer.state == "open")
    running = exists().where(Mentorship.mentor_id == Membership.id, Mentorship.status.in_(RUNNING))
    return and_(
        Membership.programme_id == programme_id,
        Membership.joined_at.is_not(None),
        Membership.status == "paused",
        Membership.is_mentor,
        or_(open_offer, running),
    )


def _overdrawn(
    members: Sequence[Member], caps: Mapping[uuid.UUID, int], has: Mapping[str, int]
) -> dict[str, list[int]]:
    """Return by how many minutes and places (mentors, for a mentee) somebody's pairs exceed a limit lowered since."""
    found = {}
    for member in members:
        if member.is_mentor and member.offer:
            offer = member.offer
            minutes = min(offer.minutes_a_month - offer.reserved_minutes, caps.get(member.person_id, 0))
            over = [max(0, -minutes), max(0, offer.reserved_places - offer.places)]
            if any(over):
                found[f"mentor {member.id}"] = over
        if (
            member.status == "active"
            and member.is_mentee
            and member.request
            and has[str(member.id)] > member.request.mentors_wanted
        ):
            found[f"mentee {member.id}"] = [0, has[str(member.id)] - member.request.mentors_wanted]
    return found


def _caps_left(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return what is left of each mentor's minutes over all programmes, for those who set such a cap."""
    here = select(Membership.person_id).where(Membership.programme_id == programme_id)
    rows = session.execute(
        select(Person.id, Person.minutes_cap, func.sum(MentorOffer.reserved_minutes))
        .join(Membership, Membership.person_id == Person.id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(Person.minutes_cap.is_not(None), Person.id.in_(here))
        .group_by(Person.id, Person.minutes_cap)
    )
    return {person: int(cap or 0) - int(reserved or 0) for person, cap, reserved in rows}


def _common(membership: Membership | Member, taxonomy: Taxonomy) -> dict[str, Any]:
    person, profile = membership.person, membership.person.profile
    stage = known_words("stages", [profile.stage] if profile else [], taxonomy)
    return {
        "key": str(membership.id),
        "person": str(person.id),
        "zone": person.zone,
        "stage": stage[0] if stage else None,
        "languages": tuple(profile.languages) if profile else (),
        "background": tuple(person.trait.facts) if person.trait else (),
        "windows": tuple(Window(w.weekday, w.start_minute, w.end_minute) for w in person.windows),
    }


def _profile_list(membership: Membership | Member, name: str) -> list[str]:
    profile = membership.person.profile
    return list(getattr(profile, name)) if profile else []


def known_words(kind: str, values: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Keep what the vocabulary still knows; a word that it lost counts as not stated."""
    words = getattr(taxonomy, kind)
    return tuple(value for value in values if value in words)
