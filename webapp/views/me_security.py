"""My password and the browsers I am signed in with."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.views.me import blueprint


@blueprint.route("/security", methods=["GET", "POST"])
def security() -> str:
    return render_template("me/security.html")


@blueprint.post("/security/end")
def end_sessions() -> Response:
    return redirect(url_for("me.security"))
