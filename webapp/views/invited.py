"""The pages behind a personal link. Opening one changes nothing: scanners of mail open every link."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.accounts import ButtonForm, show_faults
from webapp.forms.invitations import AcceptForm
from webapp.services import invited
from webapp.services.errors import InvalidInputError
from webapp.services.invited import Invitation
from webapp.views.visits import begin, this_config, visitor

blueprint = Blueprint("invited", __name__, url_prefix="/invited/<slug>/<token>")


@blueprint.route("", methods=["GET", "POST"])
def show(slug: str, token: str) -> str | Response:
    invitation = invited.read_invitation(db_session(), slug, token, now=datetime.now(UTC))
    if invitation is None:
        return render_template("invited/stale.html", slug=slug)
    if not invitation.is_confirmed:
        return _first_password(invitation, token)
    form = ButtonForm()
    if _is_hers(invitation) and form.validate_on_submit():
        invited.accept_signed_in(db_session(), slug, token, person_id=current_user.person_id, now=datetime.now(UTC))
        return redirect(url_for("joining.tasks", slug=slug))
    return _page(invitation, token, form)


@blueprint.route("/no", methods=["GET", "POST"])
def decline(slug: str, token: str) -> str | Response:
    form = ButtonForm()
    invitation = invited.read_invitation(db_session(), slug, token, now=datetime.now(UTC))
    if invitation is None:
        return render_template("invited/stale.html", slug=slug)
    if form.validate_on_submit():
        invited.decline(db_session(), slug, token, now=datetime.now(UTC))
        return redirect(url_for(".decline", slug=slug, token=token))
    return render_template("invited/decline.html", form=form, invitation=invitation, token=token)


def _first_password(invitation: Invitation, token: str) -> str | Response:
    form = AcceptForm(data={"email": invitation.email, "name": invitation.name})
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("name", "password", "zone")}
        try:
            login = invited.accept_with_password(
                db_session(),
                invitation.slug,
                token,
                **values,
                visitor=visitor(),
                config=this_config(),
                now=datetime.now(UTC),
            )
        except InvalidInputError as error:
            show_faults(form, error)
        else:
            if login is None:  # confirmed a moment ago, in another window
                return redirect(url_for(".show", slug=invitation.slug, token=token))
            begin(login)
            flash(_("Your account is made and your address confirmed. Now look at what we know of you."))
            return redirect(url_for("joining.tasks", slug=invitation.slug))
    return _page(invitation, token, form)


def _page(invitation: Invitation, token: str, form: AcceptForm | ButtonForm) -> str:
    return render_template(
        "invited/show.html", invitation=invitation, token=token, form=form, is_hers=_is_hers(invitation)
    )


def _is_hers(invitation: Invitation) -> bool:
    return bool(current_user.is_authenticated and current_user.person_id == invitation.person_id)
