"""Signing up, in and out; forgotten passwords."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.accounts import ButtonForm, ForgotForm, NewPasswordForm, SignInForm, SignUpForm, show_faults
from webapp.queue import nudge_outbox
from webapp.services import accounts
from webapp.services.errors import InvalidInputError
from webapp.services.logins import end_login
from webapp.views.local_paths import local_path
from webapp.views.visits import begin, this_config, visitor

blueprint = Blueprint("accounts", __name__)

ROLES = ("mentor", "mentee")


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> str | Response:
    slug, role = request.args.get("programme", ""), request.args.get("role", "")
    role = role if role in ROLES else ""
    programme = accounts.programme_name(db_session(), slug) if slug else None
    next_path = _joining_path(slug if programme else "", role)
    if current_user.is_authenticated:
        return redirect(next_path)
    form = SignUpForm()
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("name", "email", "password", "zone")}
        try:
            accounts.sign_up(
                db_session(), **values, next_path=next_path, visitor=visitor(), config=this_config(), now=_now()
            )
        except InvalidInputError as error:
            show_faults(form, error)
        else:
            return _look_in_mailbox(form.email.data, "confirm")
    return render_template("accounts/join.html", form=form, programme=programme, role=role, next_path=next_path)


@blueprint.get("/join/check-mail")
def check_mail() -> str:
    why = request.args.get("why", "confirm")
    return render_template(
        "accounts/check_mail.html",
        email=session.get("mail_to"),
        why=why if why in {"confirm", "unconfirmed", "reset"} else "confirm",
        mailbox_here=this_config().development and not this_config().smtp_url,
    )


@blueprint.route("/verify/<token>", methods=["GET", "POST"])
def verify(token: str) -> str | Response:
    """Confirm an address: the link only opens the page, so that a mail scanner confirms nothing."""
    form = ButtonForm()
    if form.validate_on_submit():
        login_token = accounts.confirm_address(db_session(), token, visitor=visitor(), config=this_config(), now=_now())
        if login_token:
            begin(login_token)
            flash(_("Your address is confirmed. Welcome to Mosaic."))
            return redirect(_next())
    holder = accounts.holder_of_link(db_session(), token, "verify", now=_now())
    if holder is None:
        return render_template("accounts/stale_link.html", purpose="verify")
    return render_template("accounts/verify.html", form=form, name=holder[0], email=holder[1])


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str | Response:
    if current_user.is_authenticated:
        return redirect(_next())
    form = SignInForm()
    if form.validate_on_submit():
        email, password = form.email.data, form.password.data
        result = accounts.sign_in(
            db_session(),
            email=email,
            password=password,
            next_path=_next(),
            visitor=visitor(),
            config=this_config(),
            now=_now(),
        )
        if result.token:
            begin(result.token)
            return redirect(_next())
        if result.unconfirmed:
            return _look_in_mailbox(email, "unconfirmed")
        form.password.errors = [_("This e-mail and password do not belong together. Try again, or set a new one.")]
    return render_template("accounts/login.html", form=form, next_path=_next())


@blueprint.post("/logout")
def logout() -> Response:
    end_login(db_session(), current_user.token)
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("pages.landing"))


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> str | Response:
    form = ForgotForm()
    if form.validate_on_submit():
        accounts.ask_reset(
            db_session(),
            email=form.email.data,
            next_path=_next(),
            visitor=visitor(),
            config=this_config(),
            now=_now(),
        )
        return _look_in_mailbox(form.email.data, "reset")
    return render_template("accounts/forgot.html", form=form)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> str | Response:
    return _set_password(token, "reset")


@blueprint.route("/operator/<token>", methods=["GET", "POST"])
def operator(token: str) -> str | Response:
    return _set_password(token, "operator")


def _set_password(token: str, purpose: str) -> str | Response:
    holder = accounts.holder_of_link(db_session(), token, purpose, now=_now())
    if holder is None:
        return render_template("accounts/stale_link.html", purpose=purpose)
    form = NewPasswordForm(data={"email": holder[1]})
    if form.validate_on_submit():
        try:
            login_token = accounts.set_password(
                db_session(),
                token,
                purpose,
                password=form.password.data,
                visitor=visitor(),
                config=this_config(),
                now=_now(),
            )
        except InvalidInputError as error:
            show_faults(form, error)
        else:
            if login_token is None:
                return render_template("accounts/stale_link.html", purpose=purpose)
            nudge_outbox()
            begin(login_token)
            flash(_("Your new password is set, and you are signed in."))
            return redirect(_next())
    return render_template("accounts/new_password.html", form=form, name=holder[0], email=holder[1], purpose=purpose)


def _look_in_mailbox(email: str, why: str) -> Response:
    nudge_outbox()
    session["mail_to"] = email
    return redirect(url_for("accounts.check_mail", why=why))


def _joining_path(slug: str, role: str) -> str:
    if not slug:
        return url_for("home.show")
    return url_for("joining.tasks", slug=slug, role=role or None)


def _next() -> str:
    return local_path(request.args.get("next"), url_for("home.show"))


def _now() -> datetime:
    return datetime.now(UTC)
