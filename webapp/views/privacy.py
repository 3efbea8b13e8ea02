"""What I tell, who sees it, which mails I get; a copy of it all, and the way out."""

import io
import json
import zipfile
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from webapp.extensions import csrf, db_session, empty_log
from webapp.forms.accounts import ButtonForm, show_faults
from webapp.forms.privacy import DeleteForm, TraitsForm, VisibilityForm
from webapp.mail import KINDS, SWITCHABLE, forget_mail
from webapp.presenters.privacy import FIELDS, LEVELS, TRAITS, present_history, present_own_data, what_goes
from webapp.queue import nudge_outbox
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.forgetting import Forgotten, forget_person, read_forgetting
from webapp.services.mail_links import StopLink, read_stop_token
from webapp.services.own_data import own_data
from webapp.services.privacy import (
    read_privacy,
    save_mail_choices,
    save_traits,
    save_visibility,
)
from webapp.services.privacy import (
    stop_mail as stop_mail_of,
)
from webapp.views.visits import this_config, visitor

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/me/privacy")
def show() -> str:
    found = read_privacy(db_session(), current_user.person_id)
    return render_template(
        "privacy/show.html",
        found=found,
        traits=TRAITS,
        visibility=VisibilityForm(FIELDS, LEVELS, formdata=None, data=found.levels),
        kinds=KINDS,
        history=present_history(found.consents, {key: kind.name for key, kind in KINDS.items()}),
    )


@blueprint.post("/me/privacy/traits")
def traits() -> Response:
    form = TraitsForm()
    if form.validate_on_submit():
        save_traits(db_session(), current_user.person_id, form.traits.data or [], now=datetime.now(UTC))
        flash(_("Your private facts are saved. Nobody is shown them."))
    return redirect(url_for(".show"))


@blueprint.post("/me/privacy/visibility")
def visibility() -> Response:
    form = VisibilityForm(FIELDS, LEVELS)
    if form.validate_on_submit():
        wanted = {name: value for name, value in form.data.items() if name != "csrf_token"}
        save_visibility(db_session(), current_user.person_id, wanted, now=datetime.now(UTC))
        flash(_("Saved. It holds from now on, on every page."))
    return redirect(url_for(".show"))


@blueprint.post("/me/privacy/mail")
def mail() -> Response:
    if ButtonForm().validate_on_submit():
        unwanted = SWITCHABLE - set(request.form.getlist("kind"))
        save_mail_choices(db_session(), current_user.person_id, unwanted, kinds=SWITCHABLE, now=datetime.now(UTC))
        flash(_("Your choice of mails is saved. It holds for mails that wait as well."))
    return redirect(url_for(".show"))


@blueprint.get("/mail/stop/<token>")
def stop_page(token: str) -> str:
    """Show a button: scanners of mail open every link, and opening one must change nothing."""
    kind = KINDS[_stop_link(token).kind]
    return render_template("privacy/stop.html", kind=kind, token=token, is_done=False)


# A mail programme that offers a button of its own posts here without cookies or token, and follows no redirect
# (RFC 8058); the link is signed.
@csrf.exempt
@blueprint.post("/mail/stop/<token>")
def stop_mail(token: str) -> str:
    link = _stop_link(token)
    stop_mail_of(db_session(), link.person_id, link.kind, now=datetime.now(UTC))
    return render_template("privacy/stop.html", kind=KINDS[link.kind], token=token, is_done=True)


def _stop_link(token: str) -> StopLink:
    link = read_stop_token(current_app.config["SECRET_KEY"], token)
    if link.kind not in SWITCHABLE:
        raise NotFoundError("kind of mail")
    return link


@blueprint.post("/me/privacy/export")
def export() -> ResponseReturnValue:
    """Send one's own data: once for programs, once for reading."""
    if not ButtonForm().validate_on_submit():
        return redirect(url_for(".show"))
    now = datetime.now(UTC)
    found = own_data(db_session(), current_user.person_id, now=now)
    page = render_template("privacy/export.html", sections=present_own_data(found), now=now)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(found, indent=2, ensure_ascii=False))
        archive.writestr("my-data.html", page)
    headers = {"Content-Disposition": f'attachment; filename="mosaic-my-data-{now:%Y-%m-%d}.zip"'}
    return file.getvalue(), 200, {"Content-Type": "application/zip", "Cache-Control": "no-store", **headers}


@blueprint.route("/me/privacy/delete", methods=["GET", "POST"])
def delete() -> ResponseReturnValue:
    forgetting, form = read_forgetting(db_session(), current_user.person_id), DeleteForm()
    if forgetting.is_possible and form.validate_on_submit():
        try:
            forget_person(
                db_session(),
                current_user.person_id,
                password=form.password.data,
                visitor=visitor(),
                config=this_config(),
                forget_files=_forget_files,
                now=datetime.now(UTC),
            )
        except InvalidInputError as error:
            show_faults(form, error)
        except ConflictError:
            flash(_("A mail or an answer came between at this very moment. Nothing is deleted: try again."), "bad")
        else:
            db_session.rollback()  # who reads keeps the log
            empty_log(current_app.config["ENGINE"])
            nudge_outbox()
            logout_user()
            session.clear()
            return redirect(url_for(".goodbye"))
    return render_template("privacy/delete.html", forgetting=forgetting, lines=what_goes(forgetting), form=form)


def _forget_files(gone: Forgotten) -> None:
    forget_mail(this_config().instance / "mail", [gone.name, gone.email])


@blueprint.get("/goodbye")
def goodbye() -> str:
    return render_template("privacy/goodbye.html")
