"""A mentee's board of mentors, and a mentor's month."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from webapp.engine.roles import roles_of
from webapp.presenters.names import short_name
from webapp.presenters.slots import present_slot
from webapp.presenters.states import AGREED, PAIR
from webapp.services.home import HomeFacts, Place
from webapp.services.home_pairs import Pairing
from webapp.services.vocabulary import name_of, names_of


@dataclass(frozen=True)
class Tile:
    """One person on the board; `endpoint` names the page of the offer or the mentorship."""

    role: str
    name: str
    about: str
    text: str
    badge: str
    badge_kind: str
    endpoint: str
    values: dict[str, uuid.UUID]
    link: str


@dataclass(frozen=True)
class Hole:
    """A place that is still open: a wish, and not a failure."""

    role: str
    text: str
    slug: str
    need: str  # a topic, or empty


@dataclass(frozen=True)
class Month:
    """What a mentor gives a month and where it goes; minutes for the tiles, and the same in words."""

    programme: str
    slug: str
    held: int
    fresh: int
    free: int
    label: str
    figure: str
    mentees: tuple[Tile, ...]
    places: str


def present_board(place: Place, facts: HomeFacts, *, zone: str, today: date) -> tuple[Tile | Hole, ...]:
    """Return the mentors of a mentee and the places that are open, each under a need it answers."""
    pairs = [p for p in facts.pairs if _is_of(p, place, "mentee") and p.state in {"active", "paused"}]
    offers = [o for o in facts.offers if _is_of(o, place, "mentee") and o.state == "open" and o.my_answer != "no"]
    # One talk answers no need of hers for good.
    mentors = [one for one in (*pairs, *offers) if not one.once]
    roles = _roles(place, mentors)

    def role_of(one: Pairing) -> str:
        if one.once:
            return _("A shadow day") if one.is_shadow_day else _("One talk")
        return name_of("topic", roles[one.id]) if roles[one.id] else _("Mentor")

    tiles: list[Tile | Hole] = [
        *(_pair_tile(pair, role_of(pair), zone, today) for pair in pairs),
        *(_offer_tile(offer, role_of(offer), zone, today) for offer in offers),
    ]
    left = [need for need in place.needs if need not in roles.values()]
    closing = next((r.enrols_until for r in facts.rounds if r.slug == place.slug and r.state == "enrolling"), None)
    text = _("Still open.")
    if closing and closing >= today:
        text = _("Still open. The next round closes on %(day)s.", day=format_date(closing, "d MMMM"))
    for _number in range(len(mentors), place.mentors_wanted):
        need = left.pop(0) if left else ""
        tiles.append(Hole(name_of("topic", need) if need else _("One more mentor"), text, place.slug, need))
    return tuple(tiles)


def _roles(place: Place, mentors: Sequence[Pairing]) -> dict[uuid.UUID, str]:
    """Return the need that each mentor answers: what the pair was made for, or else the first that she offers."""
    made_for = {one.id: one.role for one in mentors if one.role}
    others = [one for one in mentors if not one.role]
    left = [need for need in place.needs if need not in made_for.values()]
    inferred = roles_of(left, [one.other.topics for one in others])
    return made_for | dict(zip((one.id for one in others), inferred, strict=True))


def present_month(place: Place, facts: HomeFacts, *, zone: str, today: date) -> Month:
    """Return a mentor's month: what her pairs take, what open offers hold, what is free."""
    offers = [o for o in facts.offers if _is_of(o, place, "mentor") and o.state == "open" and o.my_answer != "no"]
    pairs = [p for p in facts.pairs if _is_of(p, place, "mentor") and p.state in {"active", "paused"}]
    fresh = min(sum(offer.minutes for offer in offers), place.reserved_minutes)
    held = place.reserved_minutes - fresh
    free = max(0, place.minutes_a_month - place.reserved_minutes)
    n_open = max(0, place.places - place.reserved_places)
    label = _(
        "%(held)d minutes booked, %(fresh)d held for open offers, %(free)d free, of %(all)d a month",
        held=held,
        fresh=fresh,
        free=free,
        all=place.minutes_a_month,
    )
    return Month(
        programme=place.programme,
        slug=place.slug,
        held=held,
        fresh=fresh,
        free=free,
        label=label,
        figure=_("%(free)d of %(all)d minutes a month are free", free=free, all=place.minutes_a_month),
        # What waits for her own answer stands at the page's top.
        mentees=(
            *(_pair_tile(pair, "", zone, today) for pair in pairs),
            *(_offer_tile(offer, "", zone, today) for offer in offers if offer.my_answer == "yes"),
        ),
        places=ngettext("%(num)d place is open.", "%(num)d places are open.", n_open)
        if n_open
        else _("No place is open."),
    )


def _is_of(pairing: Pairing, place: Place, side: str) -> bool:
    return pairing.side == side and pairing.slug == place.slug


def _about(pairing: Pairing) -> str:
    return ", ".join([*names_of("specialty", pairing.other.specialties[:1]), *filter(None, [pairing.other.city])])


def _when_once(pairing: Pairing, *, named: bool) -> str:
    """Say when the two talk, or have their shadow day; named, where no heading above says which it is."""
    when = _("You agree on the day together.")
    if pairing.planned_on is not None:
        when = _("On %(day)s.", day=format_date(pairing.planned_on, "EEEE d MMMM"))
    what = _("A shadow day") if pairing.is_shadow_day else _("One talk")
    return f"{what}. {when}" if named else when


def _when(pairing: Pairing, zone: str, today: date) -> str:
    slot = present_slot(
        pairing.slot_weekday,
        pairing.slot_minute,
        pairing.meeting_minutes,
        mentor_zone=pairing.mentor_zone,
        reader=zone,
        other=pairing.other.zone,
        not_before=today,
    )
    return slot.when if slot else _("You agree on a time together.")


def _pair_tile(pair: Pairing, role: str, zone: str, today: date) -> Tile:
    badge, kind = AGREED if pair.once and pair.state == "active" else PAIR[pair.state]
    return Tile(
        role=role,
        name=pair.other.name,
        about=_about(pair),
        text=_when_once(pair, named=not role) if pair.once else _when(pair, zone, today),
        badge=str(badge),
        badge_kind=kind,
        endpoint="mentorships.show",
        values={"mentorship_id": pair.id},
        link=_("Open"),
    )


def _offer_tile(offer: Pairing, role: str, zone: str, today: date) -> Tile:
    until = ""
    if offer.deadline_at:
        until = format_date(offer.deadline_at.astimezone(ZoneInfo(zone)).date(), "d MMM")
    mine = offer.my_answer == "waiting"
    if mine:
        badge = _("Your answer by %(day)s", day=until)
    else:
        badge = _("%(name)s answers by %(day)s", name=short_name(offer.other.name), day=until)
    return Tile(
        role=role,
        name=offer.other.name,
        about=_about(offer),
        text=_("Offered: %(when)s", when=_when(offer, zone, today)),
        badge=badge,
        badge_kind="wait" if mine else "held",
        endpoint="offers.show",
        values={"offer_id": offer.id},
        link=_("Answer") if mine else _("Read"),
    )
