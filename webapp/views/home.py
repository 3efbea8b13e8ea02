"""What awaits me."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask_login import current_user

from webapp.extensions import db_session
from webapp.presenters.home import present_home
from webapp.presenters.states import ROUND, STEPS
from webapp.services.home import read_home
from webapp.services.offer_waits import read_waits
from webapp.services.overviews import programme_overviews

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
def show() -> str:
    now = datetime.now(UTC)
    facts = read_home(db_session(), current_user.person_id, now=now)
    mine = [b.programme_id for b in current_user.belongings if b.is_coordinator and b.status == "active"]
    home = present_home(
        facts,
        programme_overviews(db_session(), mine),
        read_waits(db_session(), current_user.person_id, now=now),
        name=current_user.name,
        zone=current_user.zone,
        now=now,
        is_operator=current_user.is_operator,
    )
    return render_template("home/show.html", home=home, steps=STEPS, words=ROUND)
