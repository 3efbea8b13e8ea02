"""A student says that she is an adult, where joining did not ask her."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.joining import AdultForm
from webapp.presenters.joining import Frame
from webapp.services.adults import confirm_adult
from webapp.views.me import blueprint


@blueprint.route("/adult", methods=["GET", "POST"])
def adult() -> ResponseReturnValue:
    form = AdultForm()
    if form.validate_on_submit():
        confirm_adult(db_session(), person_id=current_user.person_id, now=datetime.now(UTC))
        flash(_("Thank you. It is noted that you are 18 or older."))
        return redirect(url_for("me.profile"))
    lead = _("Whoever takes part as a student says so once, for every programme.")
    frame = Frame(_("Are you 18 or older?"), lead, url_for("me.profile"), _("About you"), _("Save"))
    return render_template("me/adult.html", frame=frame, form=form)
