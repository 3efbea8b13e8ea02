"""My time: what I give, what is booked, line by line."""

from datetime import UTC, datetime

from flask import render_template
from flask_login import current_user

from webapp.extensions import db_session
from webapp.presenters.time import present_time
from webapp.services.my_time import my_time
from webapp.views.me import blueprint


@blueprint.get("/time")
def time() -> str:
    given = my_time(db_session(), current_user.person_id)
    now = datetime.now(UTC)
    return render_template("me/time.html", pages=[present_time(g, now=now, zone=current_user.zone) for g in given])
