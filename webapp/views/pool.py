"""Supply and demand of a programme, who cannot be matched, and what would help."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.pool import HintForm, PlainForm
from webapp.models import Job
from webapp.presenters.pool import present_pool
from webapp.presenters.pool_advice import invitation, is_for_inviting
from webapp.presenters.pool_tables import TABS
from webapp.presenters.rounds import Progress, present_work
from webapp.queue import enqueue, nudge_outbox
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.jobs import request_cancel
from webapp.services.pool import PoolView, ask_for_report, find_pool, find_programme, latest_job
from webapp.services.pool_hints import HintsChangedError, plan_hints, send_hints

blueprint = Blueprint("pool", __name__, url_prefix="/c/<slug>/pool")


@blueprint.get("")
def show(slug: str) -> str:
    """Show the last report; where it has been overtaken, or there is none, another is begun at once (ADR 22)."""
    by = request.args.get("by", "")
    by = by if by in TABS else "specialty"
    page = max(1, request.args.get("page", 1, type=int)) if request.args.get("show") == "all" else 0
    now = datetime.now(UTC)
    view = find_pool(db_session(), g.console.programme_id, now=now, page=page)
    if view.wants_report(now) and _is_looked_at():
        _begin(now)
        view = replace(view, job=latest_job(db_session(), g.console.programme_id))
    return render_template(
        "pool/show.html",
        page=present_pool(view, by=by, page=page, now=now),
        progress=_progress(slug, view.job) if view.job and (view.at_work or view.failed) else None,
        form=PlainForm(formdata=None),
        by=by,
        slug=slug,
    )


@blueprint.post("/refresh")
def refresh(slug: str) -> Response:
    """Work the report out anew."""
    if PlainForm().validate_on_submit():
        _begin(datetime.now(UTC))
    return redirect(url_for(".show", slug=slug))


@blueprint.get("/progress")
def progress(slug: str) -> Response:
    """Show how far the work is: the part alone to htmx, the whole page to anybody else."""
    if "HX-Request" not in request.headers:
        return redirect(url_for(".show", slug=slug))
    view = _view()
    if view.job is None or not view.at_work:
        response = make_response("")
        response.headers["HX-Refresh"] = "true"
        return response
    return make_response(render_template("rounds/_progress.html", progress=_progress(slug, view.job)))


@blueprint.post("/stop")
def stop(slug: str) -> Response:
    view = _view()
    if PlainForm().validate_on_submit() and view.job is not None and view.at_work:
        try:
            request_cancel(
                db_session(), view.job.id, programme_id=g.console.programme_id, by=_me(), now=datetime.now(UTC)
            )
            flash(_("The work is being stopped. What was there before stays."))
        except WrongStateError:
            flash(_("The work had just ended."))
    return redirect(url_for(".show", slug=slug))


@blueprint.get("/invitation")
def invite(slug: str) -> str:
    """Show a letter that invites mentors, with what the advice asks for."""
    view = _view()
    advice = view.health.advice["advice"] if view.health else []
    number = request.args.get("advice", type=int)
    one = advice[number] if number is not None and 0 <= number < len(advice) else None
    if number is not None and (one is None or not is_for_inviting(one)):
        raise NotFoundError
    link = url_for("pages.programme", slug=slug, _external=True)
    programme = find_programme(db_session(), g.console.programme_id)
    text = invitation(one, programme, link, current_user.name)
    return render_template("pool/invitation.html", text=text, programme=programme.name, slug=slug)


@blueprint.route("/hints/<side>", methods=["GET", "POST"])
def hint(slug: str, side: str) -> str | Response:
    """Ask before mails go out to those who cannot be matched, or to one of them; then send them."""
    if side not in {"mentee", "mentor"}:
        raise NotFoundError
    form, member, now = HintForm(), request.args.get("person", type=UUID), datetime.now(UTC)
    count = None
    if form.validate_on_submit():
        try:
            sent = send_hints(
                db_session(),
                g.console.programme_id,
                side,
                expected=int(form.expected.data),
                member=member,
                by=_me(),
                now=now,
            )
        except HintsChangedError as error:
            count = error.count
        else:
            nudge_outbox()
            flash(ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", sent))
            return redirect(url_for(".show", slug=slug))
    plan = plan_hints(db_session(), g.console.programme_id, side, member=member, now=now)
    fresh = HintForm(formdata=None, expected=str(len(plan.hints)))
    return render_template("pool/hint.html", plan=plan, form=fresh, side=side, person=member, changed=count, slug=slug)


def _is_looked_at() -> bool:
    """Whether somebody reads the answer, and not a browser that fetches pages ahead of a click."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _begin(now: datetime) -> None:
    job_id = ask_for_report(db_session(), g.console.programme_id, by=_me(), now=now)
    if job_id is not None:
        enqueue(job_id)


def _view() -> PoolView:
    return find_pool(db_session(), g.console.programme_id, now=datetime.now(UTC))


def _progress(slug: str, job: Job) -> Progress:
    return present_work(
        job,
        title=_("Looking at the pool"),
        failed=_("The pool could not be looked at"),
        page_url=url_for(".show", slug=slug),
        progress_url=url_for(".progress", slug=slug),
        stop_url=url_for(".stop", slug=slug),
    )


def _me() -> UUID:
    return UUID(str(current_user.person_id))
