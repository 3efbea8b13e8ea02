"""The terms of a programme that changed since a member agreed to them."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.terms import AgreeForm
from webapp.presenters.terms import present_asked
from webapp.services.errors import ConflictError
from webapp.services.terms import agree_to_terms, read_my_terms
from webapp.views.me import blueprint


@blueprint.route("/terms/<slug>", methods=["GET", "POST"])
def terms(slug: str) -> ResponseReturnValue:
    form = AgreeForm()
    if form.validate_on_submit():
        try:
            agree_to_terms(
                db_session(),
                slug,
                person_id=current_user.person_id,
                version=form.version.data,
                now=datetime.now(UTC),
            )
        except ConflictError:
            flash(_("The terms changed once more while you read. This is how they are now."), "warn")
            return redirect(url_for("me.terms", slug=slug))
        flash(_("Thank you. It is noted that you agree."))
        return redirect(url_for("home.show"))
    mine = read_my_terms(db_session(), slug, person_id=current_user.person_id)
    return render_template("me/terms.html", page=present_asked(mine, current_user.zone), form=form)
