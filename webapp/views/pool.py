"""Supply and demand of a programme."""

from datetime import UTC, datetime

from flask import Blueprint, g, render_template, request

from webapp.extensions import db_session
from webapp.presenters.pool import present_pool
from webapp.services.pool import pool_health

blueprint = Blueprint("pool", __name__, url_prefix="/c/<slug>/pool")


@blueprint.get("")
def show(slug: str) -> str:
    health = pool_health(db_session(), g.console.programme_id, now=datetime.now(UTC))
    everything = request.args.get("show") == "all"
    return render_template(
        "pool/show.html", page=present_pool(health, everything=everything), slug=slug, everything=everything
    )
