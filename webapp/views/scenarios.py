"""Scenarios of a round: all of them, a new one, another name, taken away, two side by side."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.engine_settings import CRITERIA
from webapp.forms.scenarios import PlainForm, RenameForm, ScenarioForm
from webapp.models import Scenario
from webapp.presenters.comparisons import (
    CHANGES_SHOWN,
    GROUPINGS,
    ChangeLine,
    present_changes,
    present_comparison,
)
from webapp.presenters.plots import plot_fits
from webapp.presenters.round_words import say_at_work
from webapp.presenters.rounds import OBJECTIVE_HINTS, OBJECTIVES, present_progress
from webapp.presenters.scenarios import present_scenarios
from webapp.queue import enqueue
from webapp.services import scenario_edits
from webapp.services.boards import RoundFacts, find_round, names_of_members
from webapp.services.comparisons import Change, compare_scenarios
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.rounds import SOLVABLE
from webapp.services.scenario_settings import Changed, changed_since_frozen, frozen_settings, settings_today
from webapp.services.scenarios import start_scenario
from webapp.views.paging import one_of, page_number, page_url

blueprint = Blueprint("scenarios", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>")

PAGE = 25


@blueprint.get("/scenarios")
def index(slug: str, round_id: UUID) -> str:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    return render_template(
        "scenarios/index.html",
        facts=facts,
        rows=present_scenarios(facts, _changed(round_id) if facts.state in SOLVABLE else None),
        solved=facts.solved,
        solvable=facts.state in SOLVABLE,
        work=present_progress(facts, slug=slug),
        slug=slug,
    )


@blueprint.route("/scenarios/new", methods=["GET", "POST"])
def create(slug: str, round_id: UUID) -> str | Response:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    standard = frozen_settings(db_session(), g.console.programme_id, round_id)
    form = ScenarioForm()
    if form.validate_on_submit():
        weights, minimum, rules = form.weights, float(form.minimum.data or 0), form.own_rules or standard.rules
        if _start(
            round_id,
            name=(form.name.data or "").strip() or str(OBJECTIVES[form.objective.data]),
            objective=form.objective.data,
            weights=None if weights == standard.weights else weights,
            minimum=None if minimum == standard.minimum else minimum,
            rules=None if rules == standard.rules else asdict(rules),
        ):
            return redirect(url_for("rounds.show", slug=slug, round_id=round_id) + "#work")
    elif not form.is_submitted():
        form.begin(standard)
    return render_template("scenarios/create.html", facts=facts, form=form, hints=OBJECTIVE_HINTS, slug=slug)


@blueprint.route("/scenarios/<uuid:scenario_id>", methods=["GET", "POST"])
def edit(slug: str, round_id: UUID, scenario_id: UUID) -> str | Response:
    facts, scenario = _find(round_id, scenario_id)
    form = RenameForm(data={"name": scenario.name})
    if form.validate_on_submit():
        scenario_edits.rename_scenario(db_session(), scenario_id, form.name.data, **_here())
        flash(_("The scenario is called “%(name)s” now.", name=form.name.data.strip()))
        return redirect(url_for(".index", slug=slug, round_id=round_id))
    return render_template("scenarios/edit.html", facts=facts, scenario=scenario, form=form, slug=slug)


@blueprint.route("/scenarios/<uuid:scenario_id>/remove", methods=["GET", "POST"])
def remove(slug: str, round_id: UUID, scenario_id: UUID) -> str | Response:
    facts, scenario = _find(round_id, scenario_id)
    form, name = PlainForm(), scenario.name
    if form.validate_on_submit():
        scenario_edits.remove_scenario(db_session(), scenario_id, **_here())
        flash(_("“%(name)s” is taken away.", name=name))
        return redirect(url_for(".index", slug=slug, round_id=round_id))
    return render_template("scenarios/remove.html", facts=facts, scenario=scenario, form=form, slug=slug)


@blueprint.post("/scenarios/<uuid:scenario_id>/today")
def today(slug: str, round_id: UUID, scenario_id: UUID) -> Response:
    """Work the pairs out once more by the programme's settings of today, as a scenario beside this one."""
    _facts, scenario = _find(round_id, scenario_id)
    settings = settings_today(db_session(), g.console.programme_id)
    if PlainForm().validate_on_submit() and _start(
        round_id,
        name=_("%(name)s, with today’s settings", name=scenario.name[:90]),
        objective=scenario.objective,
        weights=settings.weights,
        rules=settings.plain,
        seed=scenario.seed,
    ):
        return redirect(url_for("rounds.show", slug=slug, round_id=round_id) + "#work")
    return redirect(url_for(".index", slug=slug, round_id=round_id))


def _start(round_id: UUID, **wanted: Any) -> bool:
    """Begin a scenario, or say why it cannot be begun now."""
    try:
        _scenario, job_id = start_scenario(db_session(), round_id, **wanted, **_here())
    except ConflictError as error:
        flash(say_at_work(error.what), "warn")
        return False
    enqueue(job_id)
    return True


def _changed(round_id: UUID) -> Changed:
    return changed_since_frozen(db_session(), g.console.programme_id, round_id)


@blueprint.get("/compare")
def compare(slug: str, round_id: UUID) -> str | Response:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    chosen = _two(facts)
    if chosen is None:
        flash(_("Choose two scenarios that are worked out. With one alone there is nothing to compare."), "warn")
        return redirect(url_for(".index", slug=slug, round_id=round_id))
    first, second = chosen
    group, show = one_of("group", GROUPINGS) or "stage", one_of("show", ("gain", "lose"))
    found = compare_scenarios(db_session(), first, second, group)
    pages = {"gain": found.gains, "lose": found.losses}
    if show:
        pages = {show: pages[show][(page_number() - 1) * PAGE : page_number() * PAGE]}
    lines = _lines(pages if show else {key: rows[:CHANGES_SHOWN] for key, rows in pages.items()})
    return render_template(
        "scenarios/compare.html",
        facts=facts,
        first=first,
        second=second,
        comparison=found,
        page=present_comparison(first, second, found, group, CRITERIA),
        plot=plot_fits((first.name, second.name), (found.first.fits, found.second.fits)),
        gains=lines.get("gain", []),
        losses=lines.get("lose", []),
        show=show,
        listing=_Listing.of(lines[show], found.gains if show == "gain" else found.losses) if show else None,
        group=group,
        groupings=GROUPINGS,
        page_url=page_url,
        slug=slug,
    )


@dataclass(frozen=True)
class _Listing:
    lines: list[ChangeLine]
    number: int
    pages: int
    total: int

    @classmethod
    def of(cls, lines: list[ChangeLine], everybody: tuple[Change, ...]) -> "_Listing":
        pages = max(1, -(-len(everybody) // PAGE))
        return cls(lines, min(page_number(), pages), pages, len(everybody))


def _lines(pages: dict[str, tuple[Change, ...]]) -> dict[str, list[ChangeLine]]:
    """Put changes in words, with everybody's name from one query."""
    ids = {i for rows in pages.values() for change in rows for i in (change.mentee_id, change.mentor_id) if i}
    names = names_of_members(db_session(), sorted(ids))
    return {key: present_changes(rows, names) for key, rows in pages.items()}


def _two(facts: RoundFacts) -> tuple[Scenario, Scenario] | None:
    """Return the two scenarios of the address; where it names none, the last two."""
    solved = facts.solved
    asked = [request.args.get(name, type=UUID) for name in ("a", "b")]
    if asked == [None, None]:
        return (solved[-2], solved[-1]) if len(solved) > 1 else None
    by_id = {scenario.id: scenario for scenario in solved}
    if any(i is not None and i not in {s.id for s in facts.scenarios} for i in asked):
        raise NotFoundError
    first, second = (by_id.get(i) if i else None for i in asked)
    return (first, second) if first and second and first is not second else None


def _find(round_id: UUID, scenario_id: UUID) -> tuple[RoundFacts, Scenario]:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    scenario = next((s for s in facts.scenarios if s.id == scenario_id), None)
    if scenario is None:
        raise NotFoundError
    return facts, scenario


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": datetime.now(UTC)}
