"""Who might fit a member of a programme, and what she says about them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Interest, Membership, Person
from webapp.services.errors import NotFoundError
from webapp.services.fits import Fit, Fits, Meeting, Ordered, Side, choose
from webapp.services.logins import hash_token
from webapp.services.progress import Achieved, find_achievements
from webapp.services.scenes import Scene, State, load_scene
from webapp.services.spreading import first_fit, most_firsts
from webapp.services.throttle import Limit, count_try
from webapp.services.transaction import transaction
from webapp.services.visibility import visible_profile

CARD_ACHIEVEMENTS = 3
QUESTIONS_AN_HOUR = 40
Verdict = Literal["interested", "not_for_me", ""]


@dataclass(frozen=True)
class Suggested:
    """One card: who it is, why, when, and how much of a mentor's time is left (for a mentee's eyes)."""

    id: uuid.UUID
    name: str
    pronouns: str
    specialties: tuple[str, ...]
    stage: str
    institution: str
    city: str
    about: str
    topics: tuple[str, ...]
    interested: bool
    reasons: tuple[dict[str, Any], ...]
    meeting: Meeting
    minutes: int | None
    reserved: int | None
    brings: str = ""  # a mentee's, for a mentor's eyes
    achievements: tuple[Achieved, ...] = ()


@dataclass(frozen=True)
class Marked:
    """Somebody she said "not for me" of."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True)
class Answer:
    """Why somebody asked for by name is not among the cards; `key` as a participant may know it."""

    id: uuid.UUID
    name: str
    key: str


@dataclass(frozen=True)
class Suggestions:
    side: Side
    slug: str
    programme: str
    state: State
    needs: tuple[str, ...]
    cards: tuple[Suggested, ...]
    marked: tuple[Marked, ...]
    answers: tuple[Answer, ...]
    possible: int


@dataclass(frozen=True)
class Said:
    """What was said of whom, and what had been said before."""

    name: str
    before: Verdict


def find_suggestions(
    session: Session, membership_id: uuid.UUID, *, side: Side, asked: str = "", now: datetime
) -> Suggestions:
    """Return the cards of one member in one of her roles, and why people `asked` for by name are not among them.

    Five queries where nobody has changed since the last visit, whatever the number of people.
    """
    scene = load_scene(session, membership_id, side=side, now=now)
    fits = scene.fits()
    ordered = scene.ordered(fits)
    state = scene.state(ordered)
    programme, needs = scene.me.programme, scene.topics_of(scene.me, mine=True)
    slug, name = programme.slug, programme.name
    cards = _choose(session, scene, ordered, now) if state == "ready" else []
    return Suggestions(
        side=side,
        slug=slug,
        programme=name,
        state=state,
        needs=needs,
        cards=_cards(session, scene, fits, cards),
        marked=tuple(Marked(key, scene.crowd.people[key].name) for key in scene.said("not_for_me")),
        answers=_answers(asked, scene, ordered, {fit.id for fit in cards}),
        possible=ordered.possible,
    )


def count_question(session: Session, membership_id: uuid.UUID, *, now: datetime) -> None:
    """Count a "why not": who asks about everybody, over and over, could piece together what is nobody's business.

    Raises
    ------
    ThrottledError
        There were too many this hour.

    """
    with transaction(session):
        limit = Limit("why", hash_token(str(membership_id)), QUESTIONS_AN_HOUR, timedelta(hours=1))
        count_try(session, [limit], now=now)


def say(
    session: Session,
    membership_id: uuid.UUID,
    *,
    side: Side,
    other_id: uuid.UUID,
    verdict: Verdict,
    now: datetime,
) -> Said:
    """Keep what she says about somebody suggested, in place of what she said before; empty takes it back."""
    with transaction(session):
        # Her own row's lock makes two clicks at once come one after the other. Without the key: the other one's
        # word refers to her row too, and hers to the other's.
        me = session.get(Membership, membership_id, with_for_update={"key_share": True})
        other = session.get(Membership, other_id, options=[joinedload(Membership.person)])
        if me is None or other is None or not _may_speak(me, other, side):
            raise NotFoundError
        mentor, mentee = (me, other) if side == "mentor" else (other, me)
        row = session.scalar(
            select(Interest).where(
                Interest.mentor_id == mentor.id, Interest.mentee_id == mentee.id, Interest.side == side
            )
        )
        before: Verdict = row.verdict if row else ""  # type: ignore[assignment] # a CHECK holds it to the two
        if row is not None and not verdict:
            session.delete(row)
        elif row is not None:
            row.verdict, row.rank = verdict, 0
        elif verdict:
            session.add(Interest(mentor_id=mentor.id, mentee_id=mentee.id, side=side, verdict=verdict, created_at=now))
        return Said(other.person.name, before)


def _may_speak(me: Membership, other: Membership, side: Side) -> bool:
    roles = (me.is_mentor, other.is_mentee) if side == "mentor" else (me.is_mentee, other.is_mentor)
    here = {"active", "paused"}
    return (
        all(roles)
        and me.programme_id == other.programme_id
        and me.person_id != other.person_id
        and me.status in here
        and other.status in here
        and other.joined_at is not None
    )


def _choose(session: Session, scene: Scene, ordered: Ordered, now: datetime) -> list[Fit]:
    """Choose the cards. May write down a mentee's first card: rows read before are gone then, plain values stay."""
    me, crowd, interested = scene.me_id, scene.crowd, scene.said("interested")
    if scene.side == "mentor":
        return choose(ordered, interested)
    most = most_firsts(len(crowd.people), crowd.standing.mentees)

    def of_others(mentee: uuid.UUID) -> Ordered | None:
        other = load_scene(session, mentee, side="mentee", now=now)
        theirs = other.ordered(other.fits())
        return theirs if other.state(theirs) == "ready" else None

    first = first_fit(session, me, ordered, most, of_others=of_others, now=now)
    return choose(ordered, interested, first=first)


def _cards(session: Session, scene: Scene, fits: Fits, chosen: list[Fit]) -> tuple[Suggested, ...]:
    """Read whole those who are shown, and nobody else."""
    query = (
        select(Membership)
        .where(Membership.id.in_([fit.id for fit in chosen]))
        .options(
            joinedload(Membership.offer),
            joinedload(Membership.request),
            joinedload(Membership.person).joinedload(Person.profile),
        )
    )
    found = session.scalars(query.execution_options(populate_existing=True)) if chosen else ()
    members = {one.id: one for one in found}
    achieved = _achievements(session, scene, members.values())
    return tuple(_card(scene, fits, fit, members[fit.id], achieved) for fit in chosen if fit.id in members)


def _achievements(session: Session, scene: Scene, members: Iterable[Membership]) -> dict[uuid.UUID, Any]:
    """Read what mentees have achieved who let people of the programme see it; one query where there are any."""
    open_ones = [one.person_id for one in members if visible_profile(one.person, to_pair=False).achievements]
    return find_achievements(session, open_ones) if scene.side == "mentor" else {}


def _card(scene: Scene, fits: Fits, fit: Fit, other: Membership, achieved: dict[uuid.UUID, Any]) -> Suggested:
    person, profile = other.person, other.person.profile
    seen = visible_profile(person, to_pair=False)
    # A mentor's time is shown to mentees; a mentee has none to show.
    offer = other.offer if scene.side == "mentee" else None
    own_words = offer.about if offer else other.request.goal if other.request else ""
    return Suggested(
        id=other.id,
        name=person.name,
        pronouns=seen.pronouns,
        specialties=tuple(profile.specialties) if profile else (),
        stage=profile.stage if profile else "",
        institution=seen.institution,
        city=seen.city,
        about=own_words or seen.bio,
        topics=scene.topics_of(other, mine=False),
        interested=scene.verdicts.get(other.id) == "interested",
        reasons=tuple(fits.reasons(fit)),
        meeting=fits.meeting(fit),
        minutes=offer.minutes_a_month if offer else None,
        reserved=offer.reserved_minutes if offer else None,
        brings=seen.brings if scene.side == "mentor" else "",
        achievements=achieved.get(person.id, ())[:CARD_ACHIEVEMENTS],
    )


def _answers(asked: str, scene: Scene, ordered: Ordered, shown: set[uuid.UUID]) -> tuple[Answer, ...]:
    """Answer "why not" for at most three people of that name; her own "not for me" is told first."""
    if not asked:
        return ()
    marked = set(scene.said("not_for_me"))

    def key_of(other: uuid.UUID) -> str:
        if other in marked:
            return "marked"
        fit = ordered.of(other)
        return "shown" if other in shown or fit is None else fit.key

    return tuple(Answer(other.id, other.name, key_of(other.id)) for other in scene.named(asked)[:3])
