"""Matching rounds, from draft to published."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from webapp.extensions import db_session
from webapp.forms.rounds import CreateRoundForm, PublishForm, RemoveForm, RuleForm, SolveForm, StepForm
from webapp.models import Scenario
from webapp.presenters.beside import anchor_of
from webapp.presenters.board_edits import say_apart, say_changed, say_limit
from webapp.presenters.checklists import Check, present_checks
from webapp.presenters.console import next_step
from webapp.presenters.round_words import BLOCKED, CANNOT_FREEZE, DONE, NO_ROOM, RULED, cannot_pin, say_at_work
from webapp.presenters.rounds import (
    NEXT_STEP,
    OBJECTIVE_HINTS,
    OBJECTIVES,
    present_loss,
    present_progress,
    present_stage,
    step_of,
    steps_from,
)
from webapp.presenters.states import ROUND, STEPS
from webapp.queue import enqueue, nudge_outbox
from webapp.services import rounds, scenarios
from webapp.services.board_edits import PairChangedError
from webapp.services.boards import RoundFacts, certificate_of, clashes_of, find_round
from webapp.services.checklists import check_step
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError
from webapp.services.hand_steps import HandLimitError
from webapp.services.jobs import OPEN, get_job, request_cancel
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.overviews import programme_overview
from webapp.services.publishing import CountChangedError, mail_count, publish_round
from webapp.services.settings import Meetings, read_section
from webapp.views.board import board_page, board_url

blueprint = Blueprint("rounds", __name__, url_prefix="/c/<slug>/rounds")

STEP_SERVICES = {
    "open": rounds.open_round,
    "freeze": rounds.freeze_round,
    "reopen": rounds.reopen_round,
    "cancel": rounds.cancel_round,
    "activate": rounds.activate_round,
    "close": rounds.close_round,
    "archive": rounds.archive_round,
}
RULE_SERVICES = {"pin": scenarios.pin_pair, "forbid": scenarios.forbid_pair, "clear": scenarios.clear_rule}


@blueprint.get("")
def index(slug: str) -> str:
    overview = programme_overview(db_session(), g.console.programme_id)
    step = next_step(overview, today=datetime.now(UTC).date())
    return render_template("rounds/index.html", programme=overview, step=step, words=ROUND, steps=STEPS, slug=slug)


@blueprint.route("/new", methods=["GET", "POST"])
def create(slug: str) -> str | Answer:
    form = CreateRoundForm()
    if form.validate_on_submit():
        round_id = rounds.create_round(
            db_session(), g.console.programme_id, form.name.data, form.enrols_until.data, **_by()
        )
        flash(_("The round is written down. Open it when people may join."))
        return redirect(url_for(".show", slug=slug, round_id=round_id))
    return render_template("rounds/create.html", form=form, slug=slug)


@blueprint.get("/<uuid:round_id>")
def show(slug: str, round_id: UUID) -> str:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    scenario = facts.chosen(request.args.get("scenario", type=UUID))
    if scenario is not None and scenario.status == "solved" and facts.state not in {"draft", "enrolling"}:
        return board_page(slug, facts, scenario)
    return _stage_page(slug, facts)


@blueprint.post("/<uuid:round_id>/step")
def step(slug: str, round_id: UUID) -> Answer:
    form = StepForm()
    if form.validate_on_submit():
        try:
            STEP_SERVICES[form.step.data](db_session(), round_id, **_here())
        except InvalidInputError as error:
            flash(" ".join(str(CANNOT_FREEZE[fault]) for fault in error.faults.items()), "bad")
        except ConflictError:
            flash(_("Some offers still wait for an answer. This step comes after the last of them."), "bad")
        else:
            flash(str(DONE[form.step.data]))
    return redirect(url_for(".show", slug=slug, round_id=round_id))


@blueprint.get("/<uuid:round_id>/step/<step>")
def confirm(slug: str, round_id: UUID, step: str) -> str | Answer:
    """Say what stands before a step, or what is lost by it, with the button to take it."""
    if step not in STEP_SERVICES:
        raise NotFoundError
    facts = find_round(db_session(), g.console.programme_id, round_id)
    if step not in steps_from(facts.state):
        return redirect(url_for(".show", slug=slug, round_id=round_id))
    return render_template(
        "rounds/step.html",
        facts=facts,
        step=step_of(step),
        checks=_checks(slug, facts, step),
        losses=present_loss(facts, step) if step in {"reopen", "cancel"} else (),
        steps=STEPS,
        words=ROUND,
        slug=slug,
    )


@blueprint.post("/<uuid:round_id>/solve")
def solve(slug: str, round_id: UUID) -> Answer:
    form = SolveForm()
    if form.validate_on_submit():
        name = (form.name.data or "").strip() or str(OBJECTIVES[form.objective.data])
        try:
            _scenario, job_id = scenarios.start_scenario(
                db_session(), round_id, name=name, objective=form.objective.data, **_here()
            )
        except ConflictError as error:
            flash(say_at_work(error.what), "warn")
        else:
            enqueue(job_id)
    else:
        flash(_("Choose what comes first, and give a name of 120 letters at most."), "bad")
    return redirect(url_for(".show", slug=slug, round_id=round_id) + "#work")


@blueprint.get("/<uuid:round_id>/progress/<uuid:job_id>")
def progress(slug: str, round_id: UUID, job_id: UUID) -> Response | Answer:
    """Show how far the work is: the part alone to htmx, the whole page to anybody else."""
    facts = find_round(db_session(), g.console.programme_id, round_id)
    job = get_job(db_session(), job_id, programme_id=g.console.programme_id)
    if not any(str(s.id) == job.args.get("scenario_id") for s in facts.scenarios):
        raise NotFoundError
    if "HX-Request" not in request.headers:
        return redirect(url_for(".show", slug=slug, round_id=round_id) + "#work")
    work = [part for (_s, one), part in zip(facts.work, present_progress(facts, slug=slug), strict=True) if one is job]
    if not work or job.state not in OPEN:
        response = make_response("")
        response.headers["HX-Refresh"] = "true"
        return response
    return make_response(render_template("rounds/_progress.html", progress=work[0]))


@blueprint.post("/<uuid:round_id>/stop")
def stop(slug: str, round_id: UUID) -> Answer:
    """Stop the work on one scenario, or on the one that is at work."""
    facts = find_round(db_session(), g.console.programme_id, round_id)
    asked = request.args.get("job", type=UUID)
    at_work = [job.id for _scenario, job in facts.work if job.state in OPEN and asked in {None, job.id}]
    if len(at_work) == 1:
        request_cancel(db_session(), at_work[0], **_here())
        flash(_("The work is being stopped. What was there before stays."))
    else:
        flash(_("Nothing was stopped: that work had just ended."))
    return redirect(url_for(".show", slug=slug, round_id=round_id))


@blueprint.post("/<uuid:round_id>/rule")
def rule(slug: str, round_id: UUID) -> Answer:
    form, anchor = RuleForm(), "board"
    if form.validate_on_submit():
        pair = UUID(form.mentor_id.data), UUID(form.mentee_id.data)
        anchor = anchor_of(*pair)
        try:
            RULE_SERVICES[form.kind.data](
                db_session(), round_id, *pair, why=form.why.data or "", seen=form.seen.data, **_here()
            )
        except NotFoundError:
            # The round is checked first of all, so what is missing is the ruling: a colleague took it back.
            find_round(db_session(), g.console.programme_id, round_id)
            flash(_("This ruling was taken back already."), "warn")
        except PairChangedError as error:
            flash(say_changed(error.edit, current_user.person_id), "bad")
        except InvalidInputError as error:
            flash(cannot_pin(error.faults["pair"]), "bad")
        except NoRoomError as error:
            flash(str(NO_ROOM[error.what]), "bad")
        else:
            flash(str(RULED[form.kind.data]))
    else:
        flash(_("Say why in 200 letters at most."), "bad")
    return redirect(board_url(slug, round_id, anchor))


@blueprint.post("/<uuid:round_id>/remove")
def remove(slug: str, round_id: UUID) -> Answer:
    form, anchor = RemoveForm(), "board"
    find_round(db_session(), g.console.programme_id, round_id)
    if form.validate_on_submit():
        service = scenarios.remove_proposal if form.what.data == "remove" else scenarios.restore_proposal
        try:
            pair = service(db_session(), UUID(form.proposal_id.data), seen=form.seen.data, **_here())
        except PairChangedError as error:
            flash(say_changed(error.edit, current_user.person_id), "bad")
            anchor = anchor_of(error.edit.mentor_id, error.edit.mentee_id)
        except HandLimitError as error:
            flash(say_limit(error, _("The mentor"), _("The mentee")), "bad")
        except InvalidInputError as error:
            flash(say_apart(error.faults["pair"]), "bad")
        else:
            anchor = anchor_of(*pair)
            flash(_("The pair is taken out.") if form.what.data == "remove" else _("The pair is back."))
    return redirect(board_url(slug, round_id, anchor))


@blueprint.get("/<uuid:round_id>/certificate")
def certificate(slug: str, round_id: UUID) -> Response:  # noqa: ARG001 - the access table reads the slug
    scenario_id = request.args.get("scenario", type=UUID)
    if scenario_id is None:
        raise NotFoundError
    text = certificate_of(db_session(), g.console.programme_id, round_id, scenario_id)
    response = make_response(text)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{scenario_id}.json"'
    return response


@blueprint.route("/<uuid:round_id>/publish", methods=["GET", "POST"])
def publish(slug: str, round_id: UUID) -> str | Answer:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    scenario = facts.chosen(request.args.get("scenario", type=UUID))
    if scenario is None:
        raise NotFoundError
    offers, people = mail_count(db_session(), scenario.id)
    form = PublishForm(offers)
    blocked: ChangedMeanwhileError | None = None
    if form.validate_on_submit():
        try:
            done = publish_round(db_session(), round_id, scenario.id, expected_offers=form.offers.data, **_here())
        except CountChangedError as error:
            offers, people = mail_count(db_session(), scenario.id)
            form.offers.errors = [_("A colleague changed the pairs: there are %(n)s offers now.", n=error.offers)]
        except ChangedMeanwhileError as error:
            blocked = error
        else:
            nudge_outbox()
            flash(ngettext("%(num)d offer is published.", "%(num)d offers are published.", done.offers))
            return redirect(url_for("responses.show", slug=slug, round_id=round_id))
    return render_template(
        "rounds/publish.html",
        facts=facts,
        scenario=scenario,
        offers=offers,
        people=people,
        form=form,
        blocked=[(pair, BLOCKED[pair.why]) for pair in blocked.pairs] if blocked else [],
        checks=_checks(slug, facts, "publish", scenario),
        days=read_section(db_session(), g.console.programme_id, Meetings).offer_days,
        slug=slug,
    )


def _stage_page(slug: str, facts: RoundFacts) -> str:
    # A round in review comes here when every scenario of it was taken away.
    step = "solve" if facts.state == "review" else NEXT_STEP.get(facts.state, "")
    return render_template(
        "rounds/show.html",
        facts=facts,
        stage=present_stage(facts, _checks(slug, facts, step)),
        work=present_progress(facts, slug=slug),
        clashes=clashes_of(db_session(), facts),
        form=SolveForm(formdata=None),
        hints=OBJECTIVE_HINTS,
        steps=STEPS,
        words=ROUND,
        slug=slug,
    )


def _checks(slug: str, facts: RoundFacts, step: str, scenario: Scenario | None = None) -> tuple[Check, ...]:
    today = datetime.now(UTC).date()
    found = check_step(db_session(), g.console.programme_id, facts, step, scenario=scenario, today=today)
    return present_checks(found, facts, slug=slug, scenario=scenario)


def _by() -> dict[str, Any]:
    return {"by": current_user.person_id, "now": datetime.now(UTC)}


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, **_by()}
