"""The public pages."""

from flask import Blueprint, render_template
from sqlalchemy import text

from webapp.extensions import db_session

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def landing() -> str:
    return render_template("pages/landing.html")


@blueprint.get("/help")
def help() -> str:  # noqa: A001 - the endpoint's name
    return render_template("pages/help.html")


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process answers and reaches its database."""
    db_session.execute(text("SELECT 1"))
    return {"status": "ok"}
