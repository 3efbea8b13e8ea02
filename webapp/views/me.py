"""My profile, hours, offers, time and sign-ins."""

from flask import Blueprint, render_template

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
def profile() -> str:
    return render_template("me/profile.html")


@blueprint.get("/hours")
def hours() -> str:
    return render_template("me/profile.html")


@blueprint.get("/offer/<slug>")
def offer(slug: str) -> str:
    return render_template("me/profile.html", slug=slug)


@blueprint.get("/request/<slug>")
def request_(slug: str) -> str:
    return render_template("me/profile.html", slug=slug)


@blueprint.get("/pause/<slug>")
def pause(slug: str) -> str:
    return render_template("me/profile.html", slug=slug)
