"""Choosing people of a round by name: a search in the form, and its results while somebody types."""

from dataclasses import dataclass, replace
from uuid import UUID

from flask import g, request

from webapp.extensions import db_session
from webapp.models import Scenario
from webapp.services.round_people import MOST_FOUND, Candidate, find_people, frozen_people

SIDES = ("mentee", "mentor")


@dataclass(frozen=True)
class Picked:
    """One side of a choice: what was typed, who was found, who is chosen."""

    side: str
    text: str
    found: list[Candidate]
    chosen: Candidate | None
    has_more: bool


def pick(scenario: Scenario) -> tuple[Picked, Picked]:
    """Read the choice of a mentee and a mentor from the address: by ids, or by words where one alone is found."""
    asked = {side: key for side in SIDES if (key := request.args.get(side, type=UUID))}
    chosen = frozen_people(db_session(), scenario.round_id, asked)
    mentee, mentor = (_pick(scenario, side, chosen.get(side)) for side in SIDES)
    return mentee, mentor


def _pick(scenario: Scenario, side: str, chosen: Candidate | None) -> Picked:
    searching = request.args.get("find", "") == side
    if chosen is not None and not searching:
        return Picked(side, "", [], chosen, has_more=False)
    found = search(side)
    if chosen is None and len(found.found) == 1 and not searching:
        chosen = frozen_people(db_session(), scenario.round_id, {side: found.found[0].id}).get(side)
    return replace(found, chosen=chosen)


def search(side: str) -> Picked:
    text = request.args.get(f"{side}_q", "")[:100]
    found = find_people(db_session(), g.console.programme_id, side, text)
    return Picked(side, text, found[:MOST_FOUND], None, has_more=len(found) > MOST_FOUND)
