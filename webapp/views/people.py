"""The people of a programme."""

from uuid import UUID

from flask import Blueprint, render_template

blueprint = Blueprint("people", __name__, url_prefix="/c/<slug>/people")


@blueprint.get("")
def index(slug: str) -> str:
    return render_template("people/index.html", slug=slug)


@blueprint.get("/<uuid:membership_id>")
def show(slug: str, membership_id: UUID) -> str:
    return render_template("people/show.html", slug=slug, membership_id=membership_id)
