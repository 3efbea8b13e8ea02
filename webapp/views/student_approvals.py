"""Mentors approved for students, several at once or one on her own page."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.queue import nudge_outbox
from webapp.services.student_approvals import Changed, approve_for_students, read_student_approvals
from webapp.services.vocabulary import name_of
from webapp.views.paging import page_number, page_url

blueprint = Blueprint("student_approvals", __name__, url_prefix="/c/<slug>/people/approvals/students")
ANSWERS = {"approve": True, "withdraw": False}


@blueprint.get("")
def show(slug: str) -> str:
    page = read_student_approvals(db_session(), g.console.programme_id, page=page_number())
    return render_template("people/student_approvals.html", page=page, name_of=name_of, page_url=page_url, slug=slug)


@blueprint.post("")
def answer(slug: str) -> Response:
    """Approve those who are ticked, or take that back; `person` leads back to her own page."""
    step, person = request.form.get("answer", ""), request.form.get("person", type=UUID)
    if step not in ANSWERS:
        abort(400)
    done = url_for("people.show", slug=slug, membership_id=person) if person else url_for(".show", slug=slug)
    ids = request.form.getlist("member", type=UUID)
    if not ids:
        flash(_("Tick one mentor or more, then choose."), "warn")
        return redirect(done)
    changed = approve_for_students(
        db_session(),
        g.console.programme_id,
        ids,
        approves=ANSWERS[step],
        by=current_user.person_id,
        now=datetime.now(UTC),
    )
    nudge_outbox()
    flash(_approved(changed) if ANSWERS[step] else _withdrawn(changed))
    return redirect(done)


def _approved(changed: Changed) -> str:
    return ngettext("%(num)d mentor is approved now.", "%(num)d mentors are approved now.", changed.number)


def _withdrawn(changed: Changed) -> str:
    words = ngettext(
        "The approval of %(num)d mentor is taken back: no student is added any more.",
        "The approval of %(num)d mentors is taken back: no student is added any more.",
        changed.number,
    )
    if not changed.running:
        return words
    pairs = "; ".join(_("%(mentor)s with %(mentee)s", mentor=one, mentee=other) for one, other in changed.running)
    return words + " " + _("These go on until you speak with them: %(pairs)s.", pairs=pairs)
