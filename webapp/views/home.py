"""What awaits me."""

from flask import Blueprint, render_template

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
def show() -> str:
    return render_template("home/show.html")
