"""A student says that she is an adult, where joining did not ask her."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.adult import AdultForm
from webapp.presenters.joining import Frame
from webapp.services.adults import confirm_adult, lacks_word
from webapp.views.local_paths import local_path
from webapp.views.me import blueprint


@blueprint.route("/adult", methods=["GET", "POST"])
def adult() -> ResponseReturnValue:
    """Ask once; whoever came from another page goes back to it."""
    form, home = AdultForm(), url_for("home.show")
    back = local_path(request.args.get("next"), home)
    if form.validate_on_submit():
        confirm_adult(db_session(), person_id=current_user.person_id, now=datetime.now(UTC))
        flash(_("Thank you. It is noted that you are 18 or older."))
        return redirect(back)
    lead = _("Whoever takes part as a student says so once. Until then nobody is suggested to you, nor you to anybody.")
    frame = Frame(_("Are you 18 or older?"), lead, home, _("Home"), _("Save"))
    asked = lacks_word(db_session(), current_user.person_id)
    return render_template("me/adult.html", frame=frame, form=form, is_asked=asked, back=back)
