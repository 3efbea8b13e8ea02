"""What came of a published round."""

from uuid import UUID

from flask import Blueprint, render_template

blueprint = Blueprint("responses", __name__, url_prefix="/c/<slug>")


@blueprint.get("/responses/<uuid:round_id>")
def show(slug: str, round_id: UUID) -> str:
    return render_template("responses/show.html", slug=slug, round_id=round_id)


@blueprint.get("/pairs")
def pairs(slug: str) -> str:
    return render_template("responses/pairs.html", slug=slug)
