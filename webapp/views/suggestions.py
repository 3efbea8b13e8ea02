"""Who might fit, and why."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

blueprint = Blueprint("suggestions", __name__, url_prefix="/suggestions")


@blueprint.get("")
def show() -> str:
    return render_template("suggestions/show.html")


@blueprint.post("/say")
def say() -> Response:
    return redirect(url_for("suggestions.show"))


@blueprint.post("/undo")
def undo() -> Response:
    return redirect(url_for("suggestions.show"))
