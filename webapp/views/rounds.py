"""Matching rounds, from draft to published."""

from uuid import UUID

from flask import Blueprint, render_template

blueprint = Blueprint("rounds", __name__, url_prefix="/c/<slug>/rounds")


@blueprint.get("")
def index(slug: str) -> str:
    return render_template("rounds/index.html", slug=slug)


@blueprint.route("/new", methods=["GET", "POST"])
def create(slug: str) -> str:
    return render_template("rounds/create.html", slug=slug)


@blueprint.get("/<uuid:round_id>")
def show(slug: str, round_id: UUID) -> str:
    return render_template("rounds/show.html", slug=slug, round_id=round_id)
