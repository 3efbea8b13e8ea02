"""Signing up, in and out; forgotten passwords."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.services.logins import end_login

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> str:
    return render_template("accounts/join.html")


@blueprint.get("/join/check-mail")
def check_mail() -> str:
    return render_template("accounts/check_mail.html")


@blueprint.route("/verify/<token>", methods=["GET", "POST"])
def verify(token: str) -> str:
    return render_template("accounts/verify.html", token=token)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str:
    return render_template("accounts/login.html")


@blueprint.post("/logout")
def logout() -> Response:
    end_login(db_session(), current_user.token)
    logout_user()
    return redirect(url_for("pages.landing"))


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> str:
    return render_template("accounts/forgot.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> str:
    return render_template("accounts/new_password.html", token=token)


@blueprint.route("/operator/<token>", methods=["GET", "POST"])
def operator(token: str) -> str:
    return render_template("accounts/new_password.html", token=token)
