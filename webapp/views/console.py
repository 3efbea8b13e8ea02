"""A programme as its coordinator sees it."""

from flask import Blueprint, g, render_template

blueprint = Blueprint("console", __name__, url_prefix="/c")


@blueprint.get("/")
def index() -> str:
    return render_template("console/index.html")


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> str:
    return render_template("console/create.html")


@blueprint.get("/<slug>")
def overview(slug: str) -> str:
    return render_template("console/overview.html", slug=slug, programme=g.console)


@blueprint.route("/<slug>/settings", methods=["GET", "POST"])
def settings(slug: str) -> str:
    return render_template("console/settings.html", slug=slug)
