"""Supply and demand of a programme."""

from flask import Blueprint, render_template

blueprint = Blueprint("pool", __name__, url_prefix="/c/<slug>/pool")


@blueprint.get("")
def show(slug: str) -> str:
    return render_template("pool/show.html", slug=slug)
