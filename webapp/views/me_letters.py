"""Whether people I do not know may write to me."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.letters import BoxForm
from webapp.presenters.joining import Frame
from webapp.services.letter_boxes import read_box, save_box
from webapp.views.me import blueprint


@blueprint.route("/letters/<slug>", methods=["GET", "POST"])
def letters(slug: str) -> ResponseReturnValue:
    facts = read_box(db_session(), slug, person_id=current_user.person_id)
    form = BoxForm(obj=facts)
    if form.validate_on_submit():
        save_box(
            db_session(),
            slug,
            person_id=current_user.person_id,
            is_open=form.is_open.data,
            a_week=form.a_week.data or 1,
            about=form.about.data or "",
            now=datetime.now(UTC),
        )
        flash(
            _("Mentees of %(programme)s find you now, and may write to you.", programme=facts.programme)
            if form.is_open.data
            else _("Nobody new can write to you in %(programme)s.", programme=facts.programme)
        )
        return redirect(url_for("me.profile"))
    lead = _(
        "In %(programme)s. Letters come by a form that keeps them short, and only as many as you say.",
        programme=facts.programme,
    )
    frame = Frame(_("Letters from people you do not know"), lead, url_for("me.profile"), _("About you"), _("Save"))
    return render_template("me/letters.html", frame=frame, form=form, facts=facts)
