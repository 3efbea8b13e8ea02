"""The mentors whom a mentee may write to, without having met them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.pool import Pool
from webapp.engine.encode import mentee_record, mentor_record, settings_of, taxonomy_of
from webapp.models import Interest, LetterBox, Membership, MentorOffer, Message, Person, Profile
from webapp.services.directory_query import DirectoryQuery, conditions, free_minutes, has_time
from webapp.services.errors import NotFoundError
from webapp.services.fits import Fits, Meeting, bits_of, turns_of
from webapp.services.formats import asks_of
from webapp.services.letter_boxes import letters_left, week_of
from webapp.services.letter_reach import looks_for_mentors, meets_already, mentee_beside, within_reach
from webapp.services.letter_steps import OPEN
from webapp.services.letters import why_not_write
from webapp.services.listing import Numbered
from webapp.services.offer_steps import mentors_held
from webapp.services.visibility import visible_profile

PAGE = 12


@dataclass(frozen=True)
class Entry:
    """A mentor as a mentee finds her who does not know her."""

    id: uuid.UUID
    name: str
    pronouns: str
    stage: str
    specialties: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    institution: str
    city: str
    country: str
    zone: str
    about: str
    minutes: int
    free: int
    letters_left: int
    wanted_letter: str  # what a good letter to her holds
    verdict: str  # what the mentee said of her
    meets: bool
    has_letter: bool  # an open letter of the mentee's waits there
    asks: tuple[str, ...]  # what a letter to her may ask for


@dataclass(frozen=True)
class Directory(Numbered):
    programme: str
    entries: tuple[Entry, ...]
    countries: tuple[str, ...]
    zones: tuple[str, ...]
    number: int
    pages: int
    total: int

    per_page: ClassVar[int] = PAGE


@dataclass(frozen=True)
class MentorFound:
    """One mentor, why she might fit, when the two could meet, and what keeps the mentee from writing."""

    entry: Entry
    programme: str
    slug: str
    languages_shared: bool
    reasons: tuple[dict[str, Any], ...]
    meeting: Meeting
    why_not: str  # as `services.letters` names it, or "week"; empty: she may write
    may_ask_mentoring: bool
    minutes_a_month: int  # that mentoring would take


def search_directory(
    session: Session, membership_id: uuid.UUID, query: DirectoryQuery, *, person_id: uuid.UUID, now: datetime
) -> Directory:
    """Return one page of the mentors that a mentee may write to. Seven queries, however many there are.

    Those who can be written to this week and have time come first, then by name.
    """
    mentee = _mentee(session, membership_id, person_id)
    today = now.astimezone(ZoneInfo(mentee.programme.zone)).date()
    here = within_reach(mentee, today)
    chosen = [*here, *conditions(query)]
    total = session.scalar(_joined(select(func.count(Membership.id))).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, query.page), pages)
    week = week_of(now, mentee.programme.zone)
    takes_more = (LetterBox.week.is_distinct_from(week)) | (LetterBox.taken < LetterBox.a_week)
    rows = session.execute(
        _joined(select(Membership, LetterBox))
        .options(*_WHOLE)
        .where(*chosen)
        .order_by(
            case((takes_more & has_time(), 0), else_=1), func.lower(Person.name), free_minutes().desc(), Membership.id
        )
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    places = session.execute(
        _joined(select(func.coalesce(Profile.country, ""), Person.zone)).where(*here).distinct()
    ).all()
    seen = _Seen.of(session, mentee, [member.id for member, _box in rows])
    return Directory(
        programme=mentee.programme.name,
        entries=tuple(_entry(member, box, seen, now) for member, box in rows),
        countries=tuple(sorted({row[0] for row in places} - {""})),
        zones=tuple(sorted({row[1] for row in places})),
        number=number,
        pages=pages,
        total=total,
    )


def find_mentor(session: Session, mentor_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> MentorFound:
    """Return one mentor of the directory; whoever is not in it for this person does not exist.

    Raises
    ------
    NotFoundError
        There is no such mentor, she takes no letters, or the two are to be kept apart.

    """
    mentee = mentee_beside(session, mentor_id, person_id=person_id)
    today = now.astimezone(ZoneInfo(mentee.programme.zone)).date()
    row = session.execute(
        _joined(select(Membership, LetterBox))
        .options(*_WHOLE, joinedload(Membership.person).options(joinedload(Person.trait), selectinload(Person.windows)))
        .where(Membership.id == mentor_id, *within_reach(mentee, today))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"mentor {mentor_id}")
    mentor, box = row
    seen = _Seen.of(session, mentee, [mentor_id])
    entry = _entry(mentor, box, seen, now)
    taxonomy = taxonomy_of(mentee.programme)
    alone = Pool.build([mentor_record(mentor, taxonomy, on=today)], [], taxonomy)
    fits = Fits(mentee_record(mentee, taxonomy), alone, settings_of(mentee.programme), {})
    fit = fits.ordered({}, turns_of(bits_of([mentor_id]), mentee.id))[0]
    request = mentee.request
    assert request is not None  # mentee_beside looked
    n_mentors = mentors_held(session, [mentee.id]).get(mentee.id, 0)
    return MentorFound(
        entry=entry,
        programme=mentee.programme.name,
        slug=mentee.programme.slug,
        languages_shared=fit.key != "no_shared_language",
        reasons=tuple(fits.reasons(fit)),
        meeting=fits.meeting(fit),
        why_not=why_not_write(session, mentor_id, mentee, now=now) or ("" if entry.letters_left else "week"),
        may_ask_mentoring=n_mentors < request.mentors_wanted,
        minutes_a_month=min(
            mentee.programme.minutes_a_month, request.minutes_a_month or mentee.programme.minutes_a_month
        ),
    )


@dataclass(frozen=True)
class _Seen:
    """What the mentee has to do with the mentors on a page."""

    verdicts: dict[uuid.UUID, str]
    meets_all: set[uuid.UUID]
    written: set[uuid.UUID]

    @classmethod
    def of(cls, session: Session, mentee: Membership, mentor_ids: list[uuid.UUID]) -> "_Seen":
        said = select(Interest.mentor_id, Interest.verdict).where(
            Interest.mentee_id == mentee.id, Interest.side == "mentee", Interest.mentor_id.in_(mentor_ids)
        )
        written = select(Message.mentor_id).where(Message.mentee_id == mentee.id, Message.state.in_(OPEN))
        return cls(
            verdicts={row.mentor_id: row.verdict for row in session.execute(said)},
            meets_all=meets_already(session, mentee.id),
            written=set(session.scalars(written)),
        )


_WHOLE = (
    joinedload(Membership.person).joinedload(Person.profile),
    joinedload(Membership.offer),
    joinedload(Membership.programme),
)


def _mentee(session: Session, membership_id: uuid.UUID, person_id: uuid.UUID) -> Membership:
    mentee = session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, *looks_for_mentors(person_id))
        .options(joinedload(Membership.programme))
    ).one_or_none()
    if mentee is None:
        raise NotFoundError(f"mentee {membership_id}")
    return mentee


def _joined(query: Any) -> Any:
    return (
        query.select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .join(LetterBox, LetterBox.membership_id == Membership.id)
        .outerjoin(Profile, Profile.person_id == Person.id)
    )


def _entry(member: Membership, box: LetterBox, seen: _Seen, now: datetime) -> Entry:
    person, profile, offer = member.person, member.person.profile, member.offer
    assert offer is not None  # the query joins it
    seen_of_her = visible_profile(person, to_pair=False)
    return Entry(
        id=member.id,
        name=person.name,
        pronouns=seen_of_her.pronouns,
        stage=profile.stage if profile else "",
        specialties=tuple(profile.specialties) if profile else (),
        topics=tuple(offer.topics),
        languages=tuple(profile.languages) if profile else (),
        institution=seen_of_her.institution,
        city=seen_of_her.city,
        country=seen_of_her.country,
        zone=person.zone,
        about=offer.about or seen_of_her.bio,
        minutes=offer.minutes_a_month,
        free=max(0, offer.minutes_a_month - offer.reserved_minutes) if _may_give(offer) else 0,
        letters_left=letters_left(box, week_of(now, person.zone)),
        wanted_letter=box.about,
        verdict=seen.verdicts.get(member.id, ""),
        meets=member.id in seen.meets_all,
        has_letter=member.id in seen.written,
        asks=asks_of(offer),
    )


def _may_give(offer: MentorOffer) -> bool:
    """Whether the minutes that are left can become something: a pair needs a place, one talk does not."""
    has_place = offer.gives_mentoring and offer.places > offer.reserved_places
    return has_place or offer.gives_questions or offer.gives_shadow_days
