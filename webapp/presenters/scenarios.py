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
from webapp.presenters.scenario_rules import name_settings
from webapp.services.boards import BUSY, RoundFacts
from webapp.services.scenario_settings import Changed, OwnSettings, settings_of_scenario

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
    since: str  # what the programme has changed since the freeze, where this may be worked out by today's settings


def present_scenarios(facts: RoundFacts, changed: Changed | None = None) -> list[ScenarioRow]:
    """List the newest first; with what the programme has changed since, where they may be worked out again."""
    behind = _behind(facts, changed.today) if changed and changed.names else set()
    since = name_settings(changed.names) if changed else ""
    return [_row(scenario, since if scenario.id in behind else "") for scenario in reversed(facts.scenarios)]


def _behind(facts: RoundFacts, today: OwnSettings) -> set[uuid.UUID]:
    """Return the solved scenarios by whose rule none goes by today's settings, or is about to."""
    like_today = {
        s.objective
        for s in facts.scenarios
        if s.status in {*BUSY, "solved"} and not settings_of_scenario(s).differing(today)
    }
    return {scenario.id for scenario in facts.solved if scenario.objective not in like_today}


def _row(scenario: Scenario, since: str) -> ScenarioRow:
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
        scenario.published_at is None and scenario.status not in BUSY,
        since,
    )
