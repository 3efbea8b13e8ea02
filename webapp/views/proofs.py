"""The proof of a scenario: what its certificate covers, when it was checked last, and checking it again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from webapp.extensions import db_session
from webapp.models import Job, Scenario
from webapp.presenters.proofs import present_proof_page
from webapp.presenters.rounds import Progress, present_work
from webapp.queue import enqueue
from webapp.services.boards import RoundFacts, find_round
from webapp.services.checks import read_proof, start_check
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.jobs import request_cancel

blueprint = Blueprint(
    "proofs", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>/scenarios/<uuid:scenario_id>/proof"
)


@blueprint.get("")
def show(slug: str, round_id: UUID, scenario_id: UUID) -> str:
    facts, scenario = _find(round_id, scenario_id)
    proof = read_proof(db_session(), scenario)
    return render_template(
        "scenarios/proof.html",
        facts=facts,
        scenario=scenario,
        proof=proof,
        page=present_proof_page(scenario, proof),
        progress=_progress(scenario, proof.job, slug) if proof.job is not None else None,
        slug=slug,
    )


@blueprint.post("")
def check(slug: str, round_id: UUID, scenario_id: UUID) -> Answer:
    try:
        job_id = start_check(db_session(), round_id, scenario_id, **_here())
    except ConflictError:
        flash(_("It is being checked already."), "warn")
    else:
        enqueue(job_id)
    return redirect(url_for(".show", slug=slug, round_id=round_id, scenario_id=scenario_id))


@blueprint.get("/progress")
def progress(slug: str, round_id: UUID, scenario_id: UUID) -> Response | Answer:
    """Show how far the check is: the part alone to htmx, the whole page to anybody else."""
    _facts, scenario = _find(round_id, scenario_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for(".show", slug=slug, round_id=round_id, scenario_id=scenario_id))
    job = read_proof(db_session(), scenario).job
    if job is None:
        response = make_response("")
        response.headers["HX-Refresh"] = "true"
        return response
    return make_response(render_template("rounds/_progress.html", progress=_progress(scenario, job, slug)))


@blueprint.post("/stop")
def stop(slug: str, round_id: UUID, scenario_id: UUID) -> Answer:
    _facts, scenario = _find(round_id, scenario_id)
    job = read_proof(db_session(), scenario).job
    if job is not None:
        request_cancel(db_session(), job.id, **_here())
        flash(_("The check is being stopped. What was known before stays."))
    return redirect(url_for(".show", slug=slug, round_id=round_id, scenario_id=scenario_id))


def _find(round_id: UUID, scenario_id: UUID) -> tuple[RoundFacts, Scenario]:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    scenario = facts.chosen(scenario_id)
    if scenario is None or scenario.status != "solved":
        raise NotFoundError
    return facts, scenario


def _progress(scenario: Scenario, job: Job, slug: str) -> Progress:
    here: dict[str, Any] = {"slug": slug, "round_id": scenario.round_id, "scenario_id": scenario.id}
    return present_work(
        job,
        title=_("Computing the proof of “%(name)s” again", name=scenario.name),
        failed=_("“%(name)s” could not be checked", name=scenario.name),
        page_url=url_for(".show", **here),
        progress_url=url_for(".progress", **here),
        stop_url=url_for(".stop", **here),
    )


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": datetime.now(UTC)}
