"""Who may join, and those who wait for a coordinator's yes."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.queue import nudge_outbox
from webapp.services.approvals import ANSWERS, answer_joins, read_approvals, set_approval
from webapp.services.vocabulary import name_of
from webapp.views.paging import page_number, page_url

blueprint = Blueprint("approvals", __name__, url_prefix="/c/<slug>/people/approvals")


@blueprint.get("")
def show(slug: str) -> str:
    page = read_approvals(db_session(), g.console.programme_id, page=page_number())
    return render_template("people/approvals.html", page=page, name_of=name_of, page_url=page_url, slug=slug)


@blueprint.post("")
def answer(slug: str) -> Response:
    """Approve or decline whoever is ticked, or the one person whose button was pressed."""
    step = request.form.get("answer", "")
    if step not in ANSWERS:
        abort(400)
    ids = request.form.getlist("member", type=UUID)
    if not ids:
        flash(_("Tick one person or more, then choose."), "warn")
        return redirect(url_for(".show", slug=slug))
    number = answer_joins(
        db_session(), g.console.programme_id, ids, step, by=current_user.person_id, now=datetime.now(UTC)
    )
    nudge_outbox()
    if not number:
        flash(_("Nobody of these waits any more: somebody else may have answered."), "warn")
    elif step == "approve":
        flash(
            ngettext(
                "%(num)d person takes part now, and has a mail.",
                "%(num)d people take part now, and have a mail.",
                number,
            )
        )
    else:
        flash(
            ngettext(
                "%(num)d person was declined, with a kind mail.",
                "%(num)d people were declined, with a kind mail.",
                number,
            )
        )
    return redirect(url_for(".show", slug=slug))


@blueprint.post("/option")
def option(slug: str) -> Response:
    approves = request.form.get("approves") == "1"
    set_approval(
        db_session(), g.console.programme_id, approves=approves, by=current_user.person_id, now=datetime.now(UTC)
    )
    flash(
        _("From now on you say yes first.")
        if approves
        else _("From now on whoever answers everything takes part at once.")
    )
    return redirect(url_for(".show", slug=slug))
