"""The snapshot of a round: plain values that a pool can be built from, named by their hash.

This file knows no database, so that the process that solves can do without one.
"""

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from matcher.availability import Slot, check_zone
from matcher.codes import Code
from matcher.people import Exclusion, Interest, Mentee, Mentor, Ties
from matcher.pool import Pool, Window
from matcher.scoring import score
from matcher.settings import Settings
from matcher.timetable import Booking
from webapp.engine.boards import columns_from, roles_held
from webapp.engine.words import Words

FORMAT = 1


def hash_of(snapshot: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON."""
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def pool_of(snapshot: dict[str, Any], forbidden: tuple[tuple[str, str], ...] = ()) -> Pool:
    """Build the pool that a snapshot describes; `forbidden` are pairs the coordinator ruled out since."""
    mentors = [read_mentor(plain) for plain in snapshot["mentors"]]
    places = _places(snapshot)
    mentees = [
        column
        for plain in snapshot["mentees"]
        for column in (places[plain["key"]] if plain["key"] in places else [read_mentee(plain)])
    ]
    exclusions = {(mentor, mentee): Code[code] for mentor, mentee, code in snapshot["exclusions"]}
    exclusions |= dict.fromkeys(forbidden, Code.FORBIDDEN)
    ties = Ties(
        interests=interests_in(snapshot),
        exclusions=tuple(
            Exclusion(mentor, key, code)
            for (mentor, mentee), code in exclusions.items()
            for key in _keys(places, mentee)
        ),
    )
    return Pool.build(mentors, mentees, Words.read(snapshot.get("words")).taxonomy, ties)


def without_people(snapshot: dict[str, Any], keys: Container[str]) -> dict[str, Any]:
    """Return the snapshot without those who left the round: no mentee, and no mentor with anything to give.

    A mentor with pairs at work stays with no room, so that her mentees still count as served.
    """
    held = {mentor for mentor, _mentee in snapshot.get("taken", [])}
    mentors = [
        plain | {"minutes": 0, "places": 0, "paused": True} if plain["key"] in keys else plain
        for plain in snapshot["mentors"]
        if plain["key"] not in keys or plain["key"] in held
    ]
    mentees = [plain for plain in snapshot["mentees"] if plain["key"] not in keys]
    left = {plain["key"] for plain in mentors}, {plain["key"] for plain in mentees}
    pairs = {
        name: [row for row in snapshot.get(name, []) if row[0] in left[0] and row[1] in left[1]]
        for name in ("interests", "exclusions", "taken")
    }
    return {**snapshot, **pairs, "mentors": mentors, "mentees": mentees}


def interests_in(snapshot: dict[str, Any]) -> tuple[Interest, ...]:
    """Return the wishes of both sides; on a mentee's board they hold for each of its places."""
    places = _places(snapshot)
    return tuple(
        Interest(mentor, key, side, rank)
        for mentor, mentee, side, rank in snapshot["interests"]
        for key in _keys(places, mentee)
    )


def boards_in(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the mentees who asked for a mentor for each need, as they stand in the snapshot."""
    return [plain for plain in snapshot.get("mentees", ()) if "roles" in plain]


def without_boards(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return the snapshot in which a mentee is one person, with all her needs, whatever she asked for."""
    mentees = [
        {name: value for name, value in plain.items() if name not in {"roles", "filled"}}
        for plain in snapshot["mentees"]
    ]
    return {**snapshot, "mentees": mentees}


def _places(snapshot: dict[str, Any]) -> dict[str, list[Mentee]]:
    """Return the columns of those who have a board, by membership."""
    boards = boards_in(snapshot)
    filled: dict[str, list[str]] = {}
    for (_mentor, mentee), role in (roles_held(snapshot) if boards else {}).items():
        filled.setdefault(mentee, []).append(role)
    return {
        plain["key"]: columns_from(read_mentee(plain), plain["roles"], filled.get(plain["key"], ())) for plain in boards
    }


def _keys(places: Mapping[str, list[Mentee]], mentee: str) -> list[str]:
    return [column.key for column in places[mentee]] if mentee in places else [mentee]


def read_bookings(rows: Iterable[list[Any]], without: Container[str] = ()) -> list[Booking]:
    """Read the meetings that people have already, except those of some offers; see `bookings.bookings_of`."""
    return [
        Booking(person, zone_in_use(zone), Slot(weekday, minute, week), length, cadence)
        for offer, person, zone, weekday, minute, week, length, cadence in rows
        if offer not in without
    ]


def plain_words(words: Words) -> dict[str, Any]:
    """Return a programme's own topics and names; what its forms offer is no matter for the engine."""
    return replace(words, offered=()).plain()


def plain_mentor(mentor: Mentor) -> dict[str, Any]:
    return {
        "key": mentor.key,
        "person": mentor.person,
        "zone": mentor.zone,
        "stage": mentor.stage,
        "specialties": list(mentor.specialties),
        "topics": list(mentor.topics),
        "stages_welcome": list(mentor.stages_welcome),
        "languages": list(mentor.languages),
        **_background(mentor),
        "windows": [[w.weekday, w.start, w.end] for w in mentor.windows],
        "minutes": mentor.minutes,
        "places": mentor.places,
        "paused": mentor.paused,
        "welcomes_students": mentor.welcomes_students,
        "approved_for_students": mentor.approved_for_students,
    }


def plain_mentee(mentee: Mentee, board: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a mentee; of a `board` what its open places are for, and what those are that her mentors fill."""
    return {
        "key": mentee.key,
        "person": mentee.person,
        "zone": mentee.zone,
        "stage": mentee.stage,
        "specialties": list(mentee.specialties),
        "topics": list(mentee.topics),
        "languages": list(mentee.languages),
        **_background(mentee),
        "windows": [[w.weekday, w.start, w.end] for w in mentee.windows],
        "wanted": mentee.wanted,
        "minutes": mentee.minutes,
        "priority": mentee.priority,
        **(board or {}),
    }


def _background(person: Mentor | Mentee) -> dict[str, Any]:
    """Return what stands for private facts, numbers by then (see `webapp.engine.veil`); most people have none."""
    return {"background": list(person.background)} if person.background else {}


def read_mentor(plain: dict[str, Any]) -> Mentor:
    return Mentor(**_tuples(plain))


def read_mentee(plain: dict[str, Any]) -> Mentee:
    return Mentee(**_tuples({name: value for name, value in plain.items() if name not in {"roles", "filled"}}))


def _tuples(plain: dict[str, Any]) -> dict[str, Any]:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
    windows = tuple(Window(*window) for window in plain["windows"])
    return values | {"windows": windows, "zone": zone_in_use(plain["zone"])}


@cache
def zone_in_use(name: str) -> str:
    """Return UTC for a zone that the zone data have dropped since, as the rows of people read too."""
    return name if check_zone(name) is None else "UTC"


def gone_zones(snapshot: dict[str, Any]) -> list[str]:
    """Name the zones of frozen people that the zone data have dropped since."""
    zones = {plain["zone"] for side in ("mentors", "mentees") for plain in snapshot[side]}
    return sorted(zone for zone in zones if zone_in_use(zone) != zone)


def pair_of(snapshot: dict[str, Any], mentor: str, mentee: str) -> Pool | None:
    """Build the pool of two people alone, by their keys; None when one of them is not in the snapshot."""
    mentors = [plain for plain in snapshot["mentors"] if plain["key"] == mentor]
    mentees = [plain for plain in snapshot["mentees"] if plain["key"] == mentee]
    if not mentors or not mentees:
        return None
    ties = {
        name: [row for row in snapshot[name] if row[:2] == [mentor, mentee]] for name in ("interests", "exclusions")
    }
    return pool_of({"mentors": mentors, "mentees": mentees, "words": snapshot.get("words"), **ties})


def why_not_pair(pool: Pool, settings: dict[str, Any]) -> str:
    """Return the key of why the two people of `pair_of` cannot be a pair, in any place of hers, or nothing."""
    codes = score(pool, Settings.from_dict(settings)).codes[0].tolist()
    return "" if Code.ACCEPTABLE in codes else Code(codes[0]).name.lower()


def minutes_in(snapshot: dict[str, Any], mentees: set[str]) -> int:
    """Return the minutes a month that these mentees would take of one mentor."""
    whole = Settings.from_dict(snapshot["settings"]).monthly_minutes
    return sum(min(m["minutes"] or whole, whole) for m in snapshot["mentees"] if m["key"] in mentees)
