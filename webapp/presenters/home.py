"""The home page: the news, what awaits her in order, her board of mentors, her month as a mentor."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.presenters.console import Organised, present_organised
from webapp.presenters.home_board import Hole, Month, Tile, present_board, present_month
from webapp.presenters.home_items import Item, day_of, present_items, present_wait
from webapp.presenters.names import short_name
from webapp.services.home import HomeFacts, Place, RoundHere
from webapp.services.offer_waits import Wait
from webapp.services.overviews import Overview


@dataclass(frozen=True)
class RoundLine:
    """A round that is not out yet, what it means for her, and the way to its page."""

    id: uuid.UUID
    text: str
    link: str


@dataclass(frozen=True)
class Home:
    title: str
    items: tuple[Item, ...]
    boards: tuple[tuple[str, tuple[Tile | Hole, ...], int], ...]  # programme, tiles, mentors wanted
    months: tuple[Month, ...]
    rounds: tuple["RoundLine", ...]  # for whoever takes part
    organises: tuple[Organised, ...]
    is_new: bool  # belongs nowhere yet
    takes_part: bool


def present_home(
    facts: HomeFacts,
    organised: Iterable[Overview] = (),
    waits: Sequence[Wait] = (),
    *,
    name: str,
    zone: str,
    now: datetime,
    is_operator: bool = False,
) -> Home:
    """Return the page as its reader sees it, in her zone.

    `organised` are the programmes that she coordinates, `waits` what others asked her beside their offers.
    """
    here = now.astimezone(ZoneInfo(zone))
    items = [present_wait(wait, zone) for wait in waits] + present_items(facts, zone=zone, today=here.date())
    organises = tuple(present_organised(programme, today=here.date()) for programme in organised)
    partners = [place for place in facts.places if place.takes_part]
    mentees = [place for place in partners if place.is_mentee]
    mentors = [place for place in partners if place.is_mentor]
    return Home(
        title=f"{_greeting(here.hour, name)} {_news(items, organises, facts, is_operator=is_operator)}",
        items=tuple(items),
        boards=tuple(
            (place.programme, present_board(place, facts, zone=zone, today=here.date()), place.mentors_wanted)
            for place in mentees
        ),
        months=tuple(present_month(place, facts, zone=zone, today=here.date()) for place in mentors),
        rounds=tuple(
            _round(found, place, facts)
            for found in facts.rounds
            for place in partners
            if found.slug == place.slug and place.status == "active"
        ),
        organises=organises,
        is_new=not facts.places,
        takes_part=bool(partners),
    )


def _greeting(hour: int, name: str) -> str:
    called = short_name(name)
    if 5 <= hour < 12:
        return _("Good morning, %(name)s.", name=called)
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s.", name=called)
    return _("Good evening, %(name)s.", name=called)


def _news(items: list[Item], organises: Sequence[Organised], facts: HomeFacts, *, is_operator: bool) -> str:
    """Return the most pressing news: what waits for her, then for her programmes, then what happened."""
    if items and items[0].waits:
        return items[0].news
    waiting = next((each for each in organises if each.step.waits), None)
    if waiting:
        return f"{waiting.step.title}."
    if items:
        return items[0].news
    if organises and not any(place.takes_part for place in facts.places):
        return f"{organises[0].step.title}."
    return _own_news(facts) if facts.places or not is_operator else _("You look after this installation.")


def _own_news(facts: HomeFacts) -> str:
    said_yes = next((o for o in facts.offers if o.state == "open" and o.my_answer == "yes"), None)
    if said_yes:
        return _("You said yes. Now %(name)s decides.", name=short_name(said_yes.other.name))
    if any(pair.state == "active" for pair in facts.pairs):
        return _("All is well with your pairs.")
    if any(place.takes_part for place in facts.places):
        return _("You are part of the next round.")
    return _("Nothing waits for you.") if facts.places else _("Choose a programme to take part in.")


def _round(found: RoundHere, place: Place, facts: HomeFacts) -> RoundLine:
    """Say where a round stands, and what it means for somebody who has joined."""
    if found.has_left:
        left = _("%(round)s leaves you out, as you asked. You may still come back.", round=found.name)
        return RoundLine(found.id, left, _("Come back"))
    if found.state != "enrolling":
        where = _("The pairs of %(round)s are being worked out.", round=found.name)
    elif found.enrols_until and not found.is_over:
        where = _("%(round)s takes in answers until %(day)s.", round=found.name, day=day_of(found.enrols_until))
    else:
        where = _("%(round)s takes in answers.", round=found.name)
    return RoundLine(found.id, f"{where} {_my_part(found, place, facts)}", _("Not this time"))


def _my_part(found: RoundHere, place: Place, facts: HomeFacts) -> str:
    mentors = [
        p
        for p in facts.pairs
        if p.side == "mentee" and p.slug == place.slug and p.state in {"active", "paused"} and not p.once
    ]
    if place.is_mentee and not place.is_mentor and len(mentors) >= place.mentors_wanted:
        return _("You have the mentors you asked for.")
    if place.asks_age:
        return _("You are part of it once you have said that you are 18 or older.")
    if found.came_late:
        return _("You joined after that began, so you wait for a place that is left.")
    return _("You are part of it.")
