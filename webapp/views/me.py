"""My profile, hours, offers, time and sign-ins."""

from flask import Blueprint, render_template

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
def profile() -> str:
    return render_template("me/profile.html")
