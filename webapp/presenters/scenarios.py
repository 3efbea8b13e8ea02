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
from webapp.services.scenario_settings import OwnSettings, settings_of_scenario

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
    since: str  # what of its settings the programme has changed since, where nothing was worked out by today's yet


def present_scenarios(facts: RoundFacts, today: OwnSettings | None = None) -> list[ScenarioRow]:
    """List the newest first; with what holds `today`, where they may be worked out again."""
    since = changed_since(facts, today) if today else {}
    return [_row(scenario, name_settings(since.get(scenario.id, ()))) for scenario in reversed(facts.scenarios)]


def changed_since(facts: RoundFacts, today: OwnSettings) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return what is not as today in each solved scenario, but where another by the same rule goes by today's."""
    differing = {s.id: settings_of_scenario(s).differing(today) for s in facts.scenarios}
    wanted = (*BUSY, "solved")
    done = {s.objective for s in facts.scenarios if s.status in wanted and not differing[s.id]}
    return {s.id: differing[s.id] for s in facts.solved if s.objective not in done and differing[s.id]}


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
