"""The scenarios of a round as a list: what each was worked out by, and what it reaches."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Scenario
from webapp.presenters.dates import moment
from webapp.presenters.rounds import OBJECTIVES
from webapp.services.boards import RoundFacts

_STATUS: Mapping[str, tuple[Any, str]] = {
    "waiting": (_l("Being worked out"), "wait"),
    "solving": (_l("Being worked out"), "wait"),
    "solved": (_l("Worked out"), "yes"),
    "infeasible": (_l("Pins cannot all hold"), "no"),
    "failed": (_l("Not worked out"), "no"),
    "cancelled": (_l("Stopped"), ""),
    "stale": (_l("Out of date"), ""),
}


@dataclass(frozen=True)
class ScenarioRow:
    id: uuid.UUID
    name: str
    text: str
    badge: str
    kind: str
    solved: bool
    removable: bool


def present_scenarios(facts: RoundFacts) -> list[ScenarioRow]:
    """List the newest first."""
    return [_row(scenario) for scenario in reversed(facts.scenarios)]


def _row(scenario: Scenario) -> ScenarioRow:
    badge, kind = _STATUS[scenario.status]
    if scenario.published_at is not None:
        badge, kind = _("Published"), "held"
    words = [str(OBJECTIVES[scenario.objective])]
    totals = scenario.totals
    if totals.get("pairs") is not None:
        words.append(_("%(n)s of %(all)s with a mentor", n=totals["coverage"], all=totals["mentees"]))
        words.append(ngettext("%(num)d pair", "%(num)d pairs", totals["pairs"]))
    if scenario.solved_at is not None:
        words.append(moment(scenario.solved_at))
    return ScenarioRow(
        scenario.id,
        scenario.name,
        ", ".join(words),
        str(badge),
        kind,
        scenario.status == "solved",
        scenario.published_at is None and scenario.status not in {"waiting", "solving"},
    )
