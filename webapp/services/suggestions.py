"""Who might fit a member of a programme, and what she says about them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Person
from webapp.services.favourites import Verdict
from webapp.services.fits import Fit, Fits, Meeting, Ordered, Side, choose
from webapp.services.logins import hash_token
from webapp.services.progress import Achieved, find_achievements
from webapp.services.scenes import Scene, State, load_scene
from webapp.services.slots import Away, away_of
from webapp.services.spreading import first_fit, most_firsts
from webapp.services.throttle import Limit, count_try
from webapp.services.transaction import transaction
from webapp.services.visibility import visible_profile

CARD_ACHIEVEMENTS = 3
QUESTIONS_AN_HOUR = 40


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
    away: tuple[Away, ...]  # days on which one of the two is not free although the week says so
    minutes: int | None
    reserved: int | None
    brings: str = ""  # a mentee's, for a mentor's eyes
    achievements: tuple[Achieved, ...] = ()


@dataclass(frozen=True)
class Marked:
    """Somebody of whom she said that she is interested, in her order, or "not for me" and perhaps why."""

    id: uuid.UUID
    name: str
    reason: str = ""


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
    favourites: tuple[Marked, ...]
    in_order: bool  # whether she put her favourites in an order
    marked: tuple[Marked, ...]
    need: str  # of a mentee: the one that the cards are about, or empty
    answers: tuple[Answer, ...]
    possible: int


def find_suggestions(
    session: Session, membership_id: uuid.UUID, *, side: Side, asked: str = "", need: str = "", now: datetime
) -> Suggestions:
    """Return the cards of one member in one of her roles, and why people `asked` for by name are not among them.

    With a `need` of hers, a mentee sees those alone who offer it.

    Five queries where nobody has changed since the last visit, whatever the number of people.
    """
    scene = load_scene(session, membership_id, side=side, now=now)
    fits = scene.fits()
    need = need if side == "mentee" and need in scene.topics_of(scene.me, mine=True) else ""
    ordered = scene.ordered(fits)
    state = scene.state(ordered)
    programme, needs = scene.me.programme, scene.topics_of(scene.me, mine=True)
    slug, name = programme.slug, programme.name
    looked_at = scene.ordered(fits, need) if need else ordered
    cards = []
    if state == "ready" and need:
        cards = choose(looked_at, filter(looked_at.holds, scene.said("interested")))
    elif state == "ready":
        cards = _choose(session, scene, ordered, now)
    return Suggestions(
        side=side,
        slug=slug,
        programme=name,
        state=state,
        needs=needs,
        cards=_cards(session, scene, fits, cards),
        favourites=_marked(scene, "interested"),
        in_order=any(word.rank for word in scene.words.values()),
        marked=_marked(scene, "not_for_me"),
        need=need,
        answers=_answers(asked, scene, ordered, {fit.id for fit in cards}),
        possible=looked_at.possible,
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


def _marked(scene: Scene, verdict: Verdict) -> tuple[Marked, ...]:
    return tuple(Marked(key, scene.crowd.people[key].name, scene.words[key].reason) for key in scene.said(verdict))


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
    # Herself too: when she is away counts as much as when they are.
    query = (
        select(Membership)
        .where(Membership.id.in_([scene.me_id, *(fit.id for fit in chosen)]))
        .options(
            joinedload(Membership.offer),
            joinedload(Membership.request),
            joinedload(Membership.person).options(joinedload(Person.profile), joinedload(Person.exceptions)),
        )
    )
    rows = session.scalars(query.execution_options(populate_existing=True)).unique() if chosen else ()
    members = {one.id: one for one in rows}
    achieved = _achievements(session, scene, [members[fit.id] for fit in chosen if fit.id in members])
    me = members.get(scene.me_id)
    if me is None:
        return ()
    found = [fit for fit in chosen if fit.id in members]
    return tuple(_card(scene, fits, fit, members[fit.id], me=me, achieved=achieved) for fit in found)


def _achievements(session: Session, scene: Scene, members: Iterable[Membership]) -> dict[uuid.UUID, Any]:
    """Read what mentees have achieved who let people of the programme see it; one query where there are any."""
    open_ones = [one.person_id for one in members if visible_profile(one.person, to_pair=False).achievements]
    return find_achievements(session, open_ones) if scene.side == "mentor" else {}


def _card(
    scene: Scene, fits: Fits, fit: Fit, other: Membership, *, me: Membership, achieved: dict[uuid.UUID, Any]
) -> Suggested:
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
        interested=other.id in scene.words and scene.words[other.id].verdict == "interested",
        reasons=tuple(fits.reasons(fit)),
        meeting=fits.meeting(fit),
        away=away_of(me.person, person),
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
