"""An offer and its answer."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

blueprint = Blueprint("offers", __name__)


@blueprint.get("/offers/<uuid:offer_id>")
def show(offer_id: uuid.UUID) -> str:
    return render_template("offers/show.html", offer_id=offer_id)


@blueprint.post("/offers/<uuid:offer_id>")
def answer(offer_id: uuid.UUID) -> Response:
    return redirect(url_for("offers.show", offer_id=offer_id))


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
def by_mail(token: str) -> str:
    return render_template("offers/by_mail.html", token=token)
