"""An offer as its mentor or its mentee reads it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.engine.bookings import ONCE
from webapp.models import Membership
from webapp.presenters.names import isolated, short_name
from webapp.presenters.offer_words import Said, say_where_it_stands
from webapp.presenters.places import say_place
from webapp.presenters.progress import AchievementLine, present_achievements
from webapp.presenters.reasons import ReasonLine, hours_words, sentences
from webapp.presenters.slots import SlotLine, present_slot
from webapp.presenters.states import CADENCE
from webapp.services.my_offers import OfferFound
from webapp.services.slots import EVERY, away_of, first_day
from webapp.services.visibility import visible_profile
from webapp.services.vocabulary import name_of

Tile = tuple[str, str]


@dataclass(frozen=True)
class Month:
    """The mentor's month if she says yes, in tiles and in words."""

    name: str
    held: int
    new: int
    free: int
    label: str
    sentence: str
    key: tuple[Tile, ...]  # class of the tile, text


@dataclass(frozen=True)
class OfferPage:
    id: uuid.UUID
    side: str
    said: Said
    name: str
    short: str
    kind: str  # of the initials: "i" for a mentor
    my_name: str
    about: str
    place: str  # on the mentee's board
    talk: str
    reasons: list[ReasonLine]
    slot: SlotLine | None
    cadence: str
    minutes: str
    month: Month | None
    slug: str
    may_say_yes: bool
    may_say_no: bool
    email: str  # only once both have said yes
    mentorship_id: uuid.UUID | None
    is_over: bool  # nothing can come of it any more
    brings: str = ""
    achievements: tuple[AchievementLine, ...] = ()


def present_offer(found: OfferFound, *, now: datetime) -> OfferPage:
    offer, other, me = found.offer, found.other, found.me
    programme = offer.programme
    accepted = offer.state == "accepted"
    return OfferPage(
        id=offer.id,
        side=found.side,
        said=say_where_it_stands(found, deadline_text(found)),
        name=other.person.name,
        short=short_name(other.person.name),
        kind="" if found.side == "mentor" else "i",
        my_name=me.person.name,
        about=about_line(other, to_pair=accepted),
        place=say_place(offer.role),
        talk=_talk(found),
        reasons=sentences(offer.reasons, "mentor" if found.side == "mentor" else "mentee"),
        slot=_slot(found, now),
        cadence=str(CADENCE[ONCE if offer.once else programme.cadence]),
        minutes=hours_words(offer.minutes),
        month=_month(found, first_day(programme.starts_on, now, programme.zone)) if found.side == "mentor" else None,
        slug=programme.slug,
        may_say_yes=found.may_say_yes,
        may_say_no=found.may_say_no,
        email=other.person.email if accepted and not other.person.deleted_at else "",
        mentorship_id=found.mentorship_id if accepted else None,
        is_over=not (accepted or found.may_say_yes or found.may_say_no),
        brings=found.seen.brings if found.side == "mentor" else "",
        achievements=present_achievements(found.achievements),
    )


def deadline_text(found: OfferFound) -> str:
    """Write the day until which both may answer, by the reader's calendar."""
    local = found.offer.deadline_at.astimezone(ZoneInfo(found.me.person.zone))
    return str(format_date(local.date(), "EEEE d MMMM"))


def about_line(member: Membership, *, to_pair: bool) -> str:
    """Say in one line who somebody is: stage, specialties, city, pronouns; what is not stated, or kept, is left out."""
    profile, seen = member.person.profile, visible_profile(member.person, to_pair=to_pair)
    parts = []
    if profile is not None:
        parts = [name_of("stage", profile.stage)] if profile.stage else []
        parts += [name_of("specialty", key).lower() for key in profile.specialties[:2]]
        parts += [seen.city] if seen.city else []
    sentence = ", ".join(parts)
    return ". ".join(part for part in (sentence, seen.pronouns) if part)


def _talk(found: OfferFound) -> str:
    other, side = found.other, found.side
    if side == "mentor" and other.request is not None and other.request.goal:
        return other.request.goal
    if side == "mentee" and other.offer is not None and other.offer.about:
        return other.offer.about
    return found.seen.bio


def _slot(found: OfferFound, now: datetime) -> SlotLine | None:
    offer, programme = found.offer, found.offer.programme
    return present_slot(
        offer.slot_weekday,
        offer.slot_minute,
        programme.meeting_minutes,
        mentor_zone=offer.mentor.person.zone,
        reader=found.me.person.zone,
        other=found.other.person.zone,
        not_before=first_day(programme.starts_on, now, offer.mentor.person.zone),
        week=offer.slot_week,
        every=EVERY[programme.cadence],
        away=away_of(found.me.person, found.other.person),
    )


def _month(found: OfferFound, day: date) -> Month | None:
    given = found.offer.mentor.offer
    counts = found.offer.state == "accepted" or found.may_say_yes or found.may_say_no
    if given is None or not counts:
        return None
    minutes, name = found.offer.minutes, short_name(found.offer.mentee.person.name)
    certain = found.offer.state == "accepted"
    held = sum(b.minutes for b in found.booked if not b.is_open) + (minutes if certain else 0)
    new = sum(b.minutes for b in found.booked if b.is_open) + (0 if certain else minutes)
    key = [("new" if b.is_open else "held", _minutes(short_name(b.name), b.minutes)) for b in found.booked]
    key.append(("held" if certain else "new", _minutes(name, minutes)))
    words = ", ".join(text for _kind, text in key)
    return Month(
        name=str(format_date(day, "MMMM")),
        held=held,
        new=new,
        free=max(0, given.minutes_a_month - held - new),
        label=_("%(n)d of %(all)d minutes: %(words)s", n=held + new, all=given.minutes_a_month, words=words),
        sentence=_("%(n)d of the %(all)d minutes you give.", n=held + new, all=given.minutes_a_month),
        key=tuple(key),
    )


def _minutes(name: str, minutes: int) -> str:
    return _("%(name)s, %(n)d min", name=isolated(name), n=minutes)
