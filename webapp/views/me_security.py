"""My password and the browsers I am signed in with."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.accounts import ChangePasswordForm, show_faults
from webapp.presenters.browsers import present_browsers
from webapp.queue import nudge_outbox
from webapp.services.accounts import Visitor, change_password
from webapp.services.errors import InvalidInputError
from webapp.services.logins import end_other_logins, list_logins
from webapp.views.me import blueprint


@blueprint.route("/security", methods=["GET", "POST"])
def security() -> str | Response:
    form = ChangePasswordForm()
    me, now = current_user.person_id, datetime.now(UTC)
    if form.validate_on_submit():
        try:
            change_password(
                db_session(),
                me,
                old=form.old.data,
                new=form.password.data,
                keep=current_user.token,
                visitor=Visitor(request.remote_addr or "", request.user_agent.string),
                config=current_app.config["MOSAIC"],
                now=now,
            )
        except InvalidInputError as error:
            show_faults(form, error)
        else:
            nudge_outbox()
            flash(_("Your password is changed. You are signed out everywhere else."))
            return redirect(url_for("me.security"))
    browsers = present_browsers(list_logins(db_session(), me, this=current_user.token, now=now))
    return render_template("me/security.html", form=form, browsers=browsers)


@blueprint.post("/security/end")
def end_sessions() -> Response:
    end_other_logins(db_session(), current_user.person_id, keep=current_user.token)
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("me.security"))
