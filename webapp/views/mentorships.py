"""Pairs that both said yes."""

import uuid

from flask import Blueprint, render_template

blueprint = Blueprint("mentorships", __name__, url_prefix="/mentorships")


@blueprint.get("")
def index() -> str:
    return render_template("mentorships/index.html")


@blueprint.get("/<uuid:mentorship_id>")
def show(mentorship_id: uuid.UUID) -> str:
    return render_template("mentorships/show.html", mentorship_id=mentorship_id)


@blueprint.route("/<uuid:mentorship_id>/end", methods=["GET", "POST"])
def end(mentorship_id: uuid.UUID) -> str:
    return render_template("mentorships/end.html", mentorship_id=mentorship_id)
