"""Repair after the answers: who waits, what could change, and the coordinator's word on it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.repairs import RepairForm, SettleForm
from webapp.models import Job, Scenario
from webapp.presenters.repairs import present_repair, say_applied
from webapp.presenters.round_words import BLOCKED
from webapp.presenters.rounds import Progress, present_work
from webapp.queue import enqueue, nudge_outbox
from webapp.services import repairs
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.jobs import find_job_of, request_cancel
from webapp.services.new_offers import BlockedPair, ChangedMeanwhileError
from webapp.services.responses import published_round

blueprint = Blueprint("repairs", __name__, url_prefix="/c/<slug>/responses/<uuid:round_id>/repair")

BUSY = ("waiting", "running")


@blueprint.get("")
def show(slug: str, round_id: UUID) -> str:
    return _page(slug, round_id, RepairForm(formdata=None))


@blueprint.post("")
def start(slug: str, round_id: UUID) -> str | Response:
    form = RepairForm()
    published_round(db_session(), g.console.programme_id, round_id)
    if not form.validate_on_submit():
        return _page(slug, round_id, form)
    try:
        job_id = repairs.start_repair(db_session(), round_id, most_withdrawn=form.most_withdrawn, **_here())
    except ConflictError:
        flash(_("A repair is being worked out already. Wait for it, or stop that first."), "warn")
    else:
        enqueue(job_id)
    return redirect(url_for(".show", slug=slug, round_id=round_id) + "#work")


@blueprint.get("/progress")
def progress(slug: str, round_id: UUID) -> Response:
    """Show how far the work is: the part alone to htmx, the whole page to anybody else."""
    published_round(db_session(), g.console.programme_id, round_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for(".show", slug=slug, round_id=round_id) + "#work")
    job = _job(repairs.latest_repair(db_session(), round_id))
    if job is None or job.state not in BUSY:
        response = make_response("")
        response.headers["HX-Refresh"] = "true"
        return response
    return make_response(render_template("rounds/_progress.html", progress=_progress(slug, round_id, job)))


@blueprint.post("/stop")
def stop(slug: str, round_id: UUID) -> Response:
    published_round(db_session(), g.console.programme_id, round_id)
    job = _job(repairs.latest_repair(db_session(), round_id))
    if job is not None and job.state in BUSY:
        request_cancel(db_session(), job.id, **_here())
        flash(_("The work is being stopped. Nothing was changed."))
    return redirect(url_for(".show", slug=slug, round_id=round_id))


@blueprint.post("/settle")
def settle(slug: str, round_id: UUID) -> str | Response:
    """Apply a repair, or put it away."""
    form = SettleForm()
    published_round(db_session(), g.console.programme_id, round_id)
    if not form.validate_on_submit():
        return redirect(url_for(".show", slug=slug, round_id=round_id))
    repair_id = UUID(form.repair_id.data)
    if not repairs.is_repair_of(db_session(), repair_id, round_id):
        raise NotFoundError
    blocked: tuple[BlockedPair, ...] = ()
    try:
        if form.what.data == "drop":
            repairs.drop_repair(db_session(), repair_id, **_here())
            flash(_("The repair is put away. Nothing was sent."))
        else:
            done = repairs.apply_repair(db_session(), repair_id, **_here())
            nudge_outbox()
            flash(say_applied(done))
            return redirect(url_for("responses.show", slug=slug, round_id=round_id))
    except WrongStateError:
        flash(_("This repair was applied or put away already."), "warn")
    except ChangedMeanwhileError as error:
        blocked = error.pairs
    except ConflictError:
        flash(_("Somebody answered meanwhile, so nothing was changed. Work the repair out again."), "warn")
    if not blocked:
        return redirect(url_for(".show", slug=slug, round_id=round_id))
    return _page(slug, round_id, RepairForm(formdata=None), blocked)


def _page(slug: str, round_id: UUID, form: RepairForm, blocked: tuple[BlockedPair, ...] = ()) -> str:
    session = db_session()
    facts = published_round(session, g.console.programme_id, round_id)
    waiting = repairs.waiting_list(session, g.console.programme_id, round_id)
    repair = repairs.latest_repair(session, round_id)
    solved = repair is not None and repair.status == "solved" and repair.published_at is None
    job = _job(repair)
    page = present_repair(repair, *repairs.repair_rows(session, repair), waiting) if repair and solved else None
    return render_template(
        "repairs/show.html",
        facts=facts,
        waiting=waiting,
        n_open=len(repairs.withdrawable(session, round_id)),
        repair=page,
        still=page.still if page else waiting,
        progress=_progress(slug, round_id, job) if job is not None and job.state in {*BUSY, "failed"} else None,
        answerable=facts.state in repairs.ANSWERABLE,
        blocked=[(pair, BLOCKED[pair.why]) for pair in blocked],
        form=form,
        slug=slug,
    )


def _job(repair: Scenario | None) -> Job | None:
    return find_job_of(db_session(), repair.id) if repair is not None else None


def _progress(slug: str, round_id: UUID, job: Job) -> Progress:
    here: dict[str, Any] = {"slug": slug, "round_id": round_id}
    return present_work(
        job,
        title=_("Working out the smallest repair"),
        failed=_("The repair could not be worked out"),
        page_url=url_for(".show", **here),
        progress_url=url_for(".progress", **here),
        stop_url=url_for(".stop", **here),
    )


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": datetime.now(UTC)}
