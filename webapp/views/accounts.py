"""Signing up, in and out; forgotten passwords."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.services.logins import end_login

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str:
    return render_template("accounts/login.html")


@blueprint.post("/logout")
def logout() -> Response:
    end_login(db_session(), current_user.token)
    logout_user()
    return redirect(url_for("pages.landing"))
