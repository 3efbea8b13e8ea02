"""My time: what I give, what is booked, line by line."""

from flask import render_template

from webapp.views.me import blueprint


@blueprint.get("/time")
def time() -> str:
    return render_template("me/time.html")
